import { applyPatch, structuredPatch, type StructuredPatch } from "diff";
import type { SourceText } from "../../pipeline/source-files.ts";
import { parsedDiff } from "../suite/parsed-diff.ts";
import { patchPath } from "../suite/patch-path.ts";

export type ReadSource = (path: string) => Promise<SourceText>;

/** A diff told as a model tells its edits, or why it cannot be. */
export type PatchAnswer =
  { readonly kind: "answer"; readonly text: string } | { readonly kind: "untellable"; readonly why: string };

type Edit = { readonly search: string; readonly replace: string };

/** Lines of context with which an edit's SEARCH text is tried, until it occurs once. */
const contexts = [3, 6, 12, 24, 48];

/**
 * A unified diff of the base commit as SEARCH/REPLACE edits, so that it goes the same way as an answer of the generation
 * model: the pipeline's own parser, path policy and syntax check decide about it.
 */
export async function patchAsAnswer(patch: string, read: ReadSource): Promise<PatchAnswer> {
  const files = parsedDiff(patch)?.filter(
    ({ hunks, oldFileName }) => hunks.length > 0 || oldFileName !== undefined,
  );
  if (files === undefined || files.length === 0) return untellable("it holds no diff");
  const blocks: string[] = [];
  for (const file of files) {
    const block = await blockOf(file, read);
    if (block.kind === "untellable") return block;
    blocks.push(block.text);
  }
  return { kind: "answer", text: `${blocks.join("\n\n")}\n` };
}

const untellable = (why: string): PatchAnswer => ({ kind: "untellable", why });

async function blockOf(file: StructuredPatch, read: ReadSource): Promise<PatchAnswer> {
  const [oldPath, path] = [patchPath(file.oldFileName), patchPath(file.newFileName)];
  if (path === null) return untellable("it deletes a file");
  if (oldPath !== null && oldPath !== path) return untellable("it renames a file");
  if (file.hunks.length === 0) return untellable("it changes no text");
  const source = await read(path);
  if ("missing" in source && (oldPath !== null || source.missing === "not-text"))
    return untellable(`${path} is no text file of the base commit`);
  const before = "text" in source ? source.text : null;
  const after = applyPatch(before ?? "", file, { fuzzFactor: 0 });
  if (after === false) return untellable("it does not apply to the base commit");
  const edits =
    before === null
      ? [{ search: "", replace: after.replace(/\n$/, "") }]
      : editsOf(before, endingLike(before, after));
  if (edits === null) return untellable("no place that it changes can be named by its text");
  return { kind: "answer", text: [`<<< MODIFIED FILE: ${path} >>>`, ...edits.map(marked), end].join("\n") };
}

/** Whole lines cannot say whether the last one ends. */
const endingLike = (before: string, after: string): string =>
  before.endsWith("\n") && !after.endsWith("\n") ? `${after}\n` : after;

const end = "<<< END MODIFIED FILE >>>";

const marked = ({ search, replace }: Edit): string =>
  ["<<<<<<< SEARCH", ...lines(search), "=======", ...lines(replace), ">>>>>>> REPLACE"].join("\n");

const lines = (text: string): readonly string[] => (text === "" ? [] : [text]);

/** One edit a hunk, each widened until its text occurs once in what the edits before it left; null when none does. */
function editsOf(before: string, after: string): readonly Edit[] | null {
  for (const context of contexts) {
    const { hunks } = structuredPatch("", "", before, after, "", "", { context });
    let current = `\n${before}\n`;
    const edits: Edit[] = [];
    for (const hunk of hunks) {
      const [search, replace] = [sideOf(hunk.lines, "-"), sideOf(hunk.lines, "+")];
      if (current.split(`\n${search}\n`).length !== 2) break;
      current = current.replace(`\n${search}\n`, () => (replace === "" ? "\n" : `\n${replace}\n`));
      edits.push({ search, replace });
    }
    if (edits.length === hunks.length && current === `\n${after}\n`) return edits;
  }
  return null;
}

const sideOf = (hunk: readonly string[], mark: "-" | "+"): string =>
  hunk
    .filter((line) => line.startsWith(" ") || line.startsWith(mark))
    .map((line) => line.slice(1))
    .join("\n");
