import type { Edit, FileChange, Rejection, RejectionReason } from "./edit.ts";
import { matchSearch } from "./match-search.ts";
import { checkRepoPath, cleanModelPath } from "./repo-path.ts";
import { joinLines, splitLines, type TextLine } from "./text-lines.ts";

export type FileText = { readonly text: string };

/**
 * What the tree says about a path: its text, null when nothing is there, or why it must not be edited.
 * `protected` must also be said of protected paths that do not exist.
 * Edits of a `test` are left out; `refused` is any other objection of the path policy.
 */
export type FileLookup =
  | FileText
  | null
  | "not-text"
  | "symlink"
  | "submodule"
  | "protected"
  | "too-large"
  | "test"
  | { readonly refused: string };

export type AppliedEdits =
  | {
      readonly ok: true;
      readonly changes: readonly FileChange[];
      /** Tests whose edits were left out. */
      readonly restored: readonly string[];
    }
  | { readonly ok: false; readonly rejection: Rejection };

type Step<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly rejection: Rejection };

const byteOrderMark = "\uFEFF";
/** Lines compared for one edit at most; beyond it no honest edit is found. */
const maxComparisons = 200_000_000;

const rejected = (reason: RejectionReason, detail: string): { ok: false; rejection: Rejection } => ({
  ok: false,
  rejection: { reason, detail },
});

/** An edit's text as lines; the newline after its last line is optional. */
const linesOf = (text: string): string[] =>
  text === "" ? [] : (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");

const refusals: Readonly<
  Record<Exclude<Extract<FileLookup, string>, "test">, readonly [RejectionReason, string]>
> = {
  "not-text": ["not-text", "is not a text file"],
  symlink: ["unsafe-path", "is a symbolic link or lies below one"],
  submodule: ["unsafe-path", "is a submodule or lies in one"],
  protected: ["protected-path", "must not be changed by a candidate"],
  "too-large": ["too-large", "is too large to edit"],
};

/** The file that an edit means: the first spelling that exists, else the plainest one that may be created. */
function resolve(
  edit: Edit,
  read: (path: string) => FileLookup,
): Step<{ path: string; text: string | null; isTest: boolean }> {
  const spellings = cleanModelPath(edit.path);
  let refusal: Rejection | null = null;
  let creatable: string | null = null;
  for (const spelling of spellings) {
    const check = checkRepoPath(spelling);
    if (!check.ok) {
      refusal ??= { reason: "unsafe-path", detail: `${JSON.stringify(spelling)}: ${check.why}` };
      continue;
    }
    const file = read(check.path);
    if (file === "test") return { ok: true, path: check.path, text: null, isTest: true };
    if (file !== null && typeof file === "object" && "refused" in file) {
      return rejected("protected-path", `${check.path}: ${file.refused}`);
    }
    if (typeof file === "string") {
      const [reason, why] = refusals[file];
      return rejected(reason, `${check.path} ${why}`);
    }
    if (file !== null) return { ok: true, path: check.path, text: file.text, isTest: false };
    creatable ??= check.path;
  }
  if (creatable !== null) return { ok: true, path: creatable, text: null, isTest: false };
  return refusal === null ? rejected("unsafe-path", "the path is empty") : { ok: false, rejection: refusal };
}

/** Lines that both sides share at their ends stay as the file has them, to the byte. */
function changedPart(search: readonly string[], replace: readonly string[]): { head: number; tail: number } {
  const most = Math.min(search.length, replace.length);
  let head = 0;
  while (head < most && search[head] === replace[head]) head++;
  let tail = 0;
  while (tail < most - head && search.at(-1 - tail) === replace.at(-1 - tail)) tail++;
  return { head, tail };
}

/** New lines end as the lines they replace, else as their neighbours. */
function lineEnd(lines: readonly TextLine[], first: number, end: number): TextLine["end"] {
  const near = [...lines.slice(first, end), ...lines.slice(0, first).toReversed(), ...lines.slice(end)];
  return near.find((line) => line.end !== "")?.end ?? "\n";
}

function splice(
  lines: readonly TextLine[],
  first: number,
  end: number,
  bodies: readonly string[],
): TextLine[] {
  const newline = lineEnd(lines, first, end);
  const result = [
    ...lines.slice(0, first),
    ...bodies.map((body) => ({ body, end: newline })),
    ...lines.slice(end),
  ];
  const reachesEnd = end === lines.length && bodies.length > 0;
  const bareEnd = reachesEnd && lines.at(-1)?.end === "";
  return result.map((line, index) => {
    const last = index === result.length - 1;
    if (bareEnd && last) return { body: line.body, end: "" };
    return line.end === "" && !last ? { body: line.body, end: newline } : line;
  });
}

function editText(edit: Edit, path: string, text: string): Step<{ text: string }> {
  const mark = text.startsWith(byteOrderMark) ? byteOrderMark : "";
  const lines = splitLines(text.slice(mark.length));
  const [search, replace] = [linesOf(edit.search), linesOf(edit.replace)];
  if (lines.length * search.length > maxComparisons) return rejected("too-large", `the edit of ${path}`);
  const bodies = lines.map((line) => line.body);
  const match = matchSearch(bodies, search, replace);
  if (match.kind !== "found") {
    const reason = match.kind === "ambiguous" ? "search-ambiguous" : "search-not-found";
    return rejected(reason, `the SEARCH text for ${path}: ${match.detail}`);
  }
  const { head, tail } = changedPart(search, replace);
  const first = match.at + head;
  const changed = match.replace.slice(head, match.replace.length - tail);
  return {
    ok: true,
    text: mark + joinLines(splice(lines, first, match.at + search.length - tail, changed)),
  };
}

function editFile(edit: Edit, path: string, text: string | null): Step<{ text: string }> {
  const creates = edit.search.trim() === "";
  if (creates && (text === null || text === "")) return { ok: true, text: edit.replace };
  if (creates) return rejected("malformed-edit", `the SEARCH text for ${path} is empty but the file exists`);
  if (text === null) return rejected("unknown-file", `${path} does not exist`);
  return editText(edit, path, text);
}

/**
 * The files after all edits, or why none of them counts. Edits of one file apply one after another to the text that
 * the earlier ones left. Everything outside the replaced lines is kept byte for byte.
 */
export function applyEdits(edits: readonly Edit[], read: (path: string) => FileLookup): AppliedEdits {
  const restored = new Set<string>();
  const files = new Map<string, { readonly before: string | null; readonly after: string | null }>();
  const current = (path: string): FileLookup => {
    const file = files.get(path);
    return file === undefined || file.after === null ? read(path) : { text: file.after };
  };
  for (const edit of edits) {
    const target = resolve(edit, current);
    if (!target.ok) return target;
    if (target.isTest) {
      restored.add(target.path);
      continue;
    }
    const edited = editFile(edit, target.path, target.text);
    if (!edited.ok) return edited;
    const before = files.has(target.path) ? (files.get(target.path)?.before ?? null) : target.text;
    files.set(target.path, { before, after: edited.text });
  }
  const changes = [...files]
    .map(([path, file]) => ({ path, ...file }))
    .filter((change) => change.before !== change.after);
  if (files.size === 0 && restored.size > 0) {
    const [reason, why] = refusals.protected;
    return rejected(reason, `${[...restored].join(", ")} ${why}`);
  }
  if (changes.length === 0) return rejected("no-change", "the edits leave every file as it is");
  return { ok: true, changes, restored: [...restored] };
}
