import { applyEdits, type FileLookup, type FileText } from "../domain/apply-edits.ts";
import type { Edit, FileChange, Rejection } from "../domain/edit.ts";
import { parseEdits } from "../domain/parse-edits.ts";
import { patchSize } from "../domain/patch.ts";
import { checkRepoPath, cleanModelPath, isProtected, protectedPaths } from "../domain/repo-path.ts";
import type { Completion } from "../domain/transcript.ts";
import type { TreeEntry } from "../ports/workspace.ts";
import { mayChange } from "./may-change.ts";
import type { SourceText } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";

/** What an answer's edits make of the context's commit. */
export type AnsweredChanges =
  | {
      readonly ok: true;
      readonly changes: readonly FileChange[];
      /** Tests whose edits were left out. */
      readonly restored: readonly string[];
    }
  | { readonly ok: false; readonly rejection: Rejection };

export type AnswerReading = {
  readonly read: (path: string) => Promise<SourceText>;
  /** Whether tests or everything else may be changed, or why a path may not; asked after the path policy. */
  readonly objection: (path: string) => "test" | { readonly refused: string } | null;
};

/** The changes, or the one reason why there are none: all edits of an answer apply, or it is rejected. */
export async function changesOfAnswer(
  context: StageContext,
  { finish, text }: Completion,
  reading: AnswerReading,
): Promise<AnsweredChanges> {
  const rejected = (reason: Rejection["reason"], detail: string): AnsweredChanges => ({
    ok: false,
    rejection: { reason, detail },
  });
  if (finish === "length") return rejected("truncated", "the answer was cut off by the token limit");
  if (text.trim() === "") return rejected("no-answer", "there is no text after the reasoning");
  const parsed = parseEdits(text);
  if (!parsed.ok) return parsed;

  const lookup = await lookUp(context, reading, parsed.edits);
  const result = applyEdits(parsed.edits, lookup);
  if (!result.ok) return result;
  const refusal = refuse(context, result.changes);
  return refusal === null ? result : { ok: false, rejection: refusal };
}

/** What the tree and the path policy say about every path that the edits may mean. */
async function lookUp(
  context: StageContext,
  { read, objection }: AnswerReading,
  edits: readonly Edit[],
): Promise<(path: string) => FileLookup> {
  const kinds = new Map((await context.checkout.entries()).map((entry) => [entry.path, entry.kind]));
  const spellings = new Set(edits.flatMap((edit) => cleanModelPath(edit.path)));
  const paths = [...spellings].flatMap((spelling) => {
    const check = checkRepoPath(spelling);
    return check.ok ? [check.path] : [];
  });
  const found = await Promise.all(
    paths.map(async (path): Promise<[string, FileLookup]> => {
      const refusal = againstPolicy(context, path) ?? objection(path) ?? againstTree(context, path, kinds);
      if (refusal !== null) return [path, refusal];
      const source = await read(path);
      if ("text" in source) return [path, source];
      return [path, source.missing === "not-text" ? "not-text" : null];
    }),
  );
  const lookups = new Map(found);
  return (path) => lookups.get(path) ?? null;
}

type Refused = Exclude<FileLookup, FileText | null>;

function againstPolicy(context: StageContext, path: string): Refused | null {
  const { language, settings } = context;
  const protects = [...protectedPaths, ...language.protectedPaths, ...settings.paths.protect];
  if (isProtected(path, protects)) return "protected";
  return mayChange(context, path) ? null : { refused: "it lies outside what this run may change" };
}

function againstTree(
  { language }: StageContext,
  path: string,
  kinds: ReadonlyMap<string, TreeEntry["kind"]>,
): Refused | null {
  const shadowed = kinds.has(path) ? null : language.shadows(path);
  if (shadowed !== null) return { refused: shadowed };
  const parts = path.split("/");
  const above = parts.map((_, i) => kinds.get(parts.slice(0, i + 1).join("/")));
  if (above.includes("symlink")) return "symlink";
  return above.includes("submodule") ? "submodule" : null;
}

/** Why a patch is larger than the settings allow; null when it is not. */
export function tooLarge({ settings }: StageContext, changes: readonly FileChange[]): Rejection | null {
  const { max_files, max_lines } = settings.paths;
  if (changes.length > max_files) {
    return { reason: "too-large", detail: `${changes.length} files, at most ${max_files} are allowed` };
  }
  const lines = patchSize(changes);
  return lines > max_lines
    ? { reason: "too-large", detail: `${lines} lines, at most ${max_lines} are allowed` }
    : null;
}

function refuse(context: StageContext, changes: readonly FileChange[]): Rejection | null {
  const large = tooLarge(context, changes);
  if (large !== null) return large;
  for (const change of changes) {
    if (change.after === null || !context.language.isSource(change.path)) continue;
    const error = context.language.syntaxError(change.after);
    if (error === null) continue;
    const before = change.before === null ? null : context.language.syntaxError(change.before);
    if (before === null) return { reason: "syntax-error", detail: `${change.path} ${error}` };
  }
  return null;
}
