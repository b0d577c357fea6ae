import { checkRepoPath } from "../domain/repo-path.ts";
import type { Language } from "../languages/language.ts";
import type { TreeEntry } from "../ports/workspace.ts";

/**
 * Source files a fix may be in: tests are left out, as in the prompts the models were trained on, and so are names that
 * no edit may give (control characters, a leading dash).
 */
export const fixableFiles = (entries: readonly TreeEntry[], language: Language): readonly string[] =>
  entries
    .filter((entry) => entry.kind === "file" || entry.kind === "executable")
    .filter((entry) => language.isSource(entry.path) && !language.isTest(entry.path))
    .map((entry) => entry.path)
    .filter((path) => checkRepoPath(path).ok);

/**
 * The indented tree of the paper's file prompt (4 spaces a level, folders end in `/`). When it would exceed `budget`
 * characters, files that the problem names come first, then shallow ones, and the rest is left out.
 */
export function renderTree(paths: readonly string[], problem: string, budget: number): string {
  const whole = draw(paths);
  if (whole.length <= budget) return whole;

  const byRelevance = [...paths].sort(
    (a, b) => mentions(problem, b) - mentions(problem, a) || depth(a) - depth(b) || (a < b ? -1 : 1),
  );
  let low = 0;
  let high = byRelevance.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (draw(byRelevance.slice(0, middle)).length <= budget) low = middle;
    else high = middle - 1;
  }
  return draw(byRelevance.slice(0, low));
}

const depth = (path: string): number => path.split("/").length;

/** How many of the path's own names occur in the problem as words. */
function mentions(problem: string, path: string): number {
  const names = path.replace(/\.[^./]+$/, "").split("/");
  return names.filter((name) => name.length > 3 && problem.includes(name)).length;
}

function draw(paths: readonly string[]): string {
  const lines: string[] = [];
  let open: string[] = [];
  for (const path of [...paths].sort()) {
    const folders = path.split("/").slice(0, -1);
    const shared = commonLength(open, folders);
    folders.slice(shared).forEach((folder, i) => lines.push(`${indent(shared + i)}${folder}/`));
    lines.push(`${indent(folders.length)}${path.slice(path.lastIndexOf("/") + 1)}`);
    open = folders;
  }
  return lines.join("\n");
}

const indent = (level: number): string => " ".repeat(4 * level);

function commonLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
