import { applyEdits, type FileLookup, type FileText } from "../domain/apply-edits.ts";
import { classKey } from "../domain/candidate-class.ts";
import type { Edit, FileChange, Rejection } from "../domain/edit.ts";
import { parseEdits } from "../domain/parse-edits.ts";
import { patchSize, unifiedDiff } from "../domain/patch.ts";
import { checkRepoPath, cleanModelPath, isProtected, protectedPaths } from "../domain/repo-path.ts";
import type { TreeEntry } from "../ports/workspace.ts";
import type { SourceText } from "./source-files.ts";
import { mayChange } from "./may-change.ts";
import type { StageContext } from "./stage-context.ts";
import type { SampleEnd, SampleText } from "./written-sample.ts";

/**
 * From one finished answer to a patch of the base commit, or the one reason why it is none. All of a sample's edits
 * apply or the sample is rejected; only edits of tests are left out, which is kept with the candidate, unless the issue
 * names the file.
 */
export async function applySample(
  context: StageContext,
  read: (path: string) => Promise<SourceText>,
  { sample, index, refines, chat, call, completion }: SampleText,
): Promise<SampleEnd> {
  const rejected = (rejection: Rejection): SampleEnd => ({
    kind: "rejected",
    rejected: { sample, ...rejection },
  });
  const { finish, text, reasoning } = completion;
  if (finish === "length")
    return rejected({ reason: "truncated", detail: "the answer was cut off by the token limit" });
  if (text.trim() === "")
    return rejected({ reason: "no-answer", detail: "there is no text after the reasoning" });
  const parsed = parseEdits(text);
  if (!parsed.ok) return rejected(parsed.rejection);

  const lookup = await lookUp(context, read, parsed.edits);
  const result = applyEdits(parsed.edits, lookup);
  if (!result.ok) return rejected(result.rejection);

  const refusal = refuse(context, result.changes);
  if (refusal !== null) return rejected(refusal);
  const { language } = context;
  const key = classKey(result.changes, (path, source) =>
    language.isSource(path) ? language.normalForm(source) : null,
  );
  const { changes, restored } = result;
  const patch = { changes, patch: unifiedDiff(changes), size: patchSize(changes), refines, restored };
  const characters = text.length + reasoning.length;
  return {
    kind: "written",
    written: {
      sample,
      index,
      key,
      ...patch,
      characters,
      call,
      chat: [...chat, { role: "assistant", content: text }],
    },
  };
}

/** What the tree and the path policy say about every path that the edits may mean. */
async function lookUp(
  context: StageContext,
  read: (path: string) => Promise<SourceText>,
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
      const refusal = refusePath(context, path, kinds);
      if (refusal !== null) return [path, refusal];
      const source = await read(path);
      if ("text" in source) return [path, source];
      return [path, source.missing === "not-text" ? "not-text" : null];
    }),
  );
  const lookups = new Map(found);
  return (path) => lookups.get(path) ?? null;
}

function refusePath(
  context: StageContext,
  path: string,
  kinds: ReadonlyMap<string, TreeEntry["kind"]>,
): Exclude<FileLookup, FileText | null> | null {
  const { language, settings, problem } = context;
  const protects = [...protectedPaths, ...language.protectedPaths, ...settings.paths.protect];
  if (isProtected(path, protects)) return "protected";
  if (!mayChange(context, path)) return { refused: "it lies outside what this run may change" };
  const isTest = language.isTest(path) || language.isTest(path.toLowerCase());
  if (isTest && !names(problem, path)) return "test";
  const shadowed = kinds.has(path) ? null : language.shadows(path);
  if (shadowed !== null) return { refused: shadowed };
  const parts = path.split("/");
  const above = parts.map((_, i) => kinds.get(parts.slice(0, i + 1).join("/")));
  if (above.includes("symlink")) return "symlink";
  return above.includes("submodule") ? "submodule" : null;
}

/** Whether the issue names the file, by its whole path. */
function names(problem: string, path: string): boolean {
  const at = problem.indexOf(path);
  if (at === -1) return false;
  return !/[\w/.-]$/.test(problem.slice(0, at)) && !/^[\w/-]/.test(problem.slice(at + path.length));
}

function refuse(context: StageContext, changes: readonly FileChange[]): Rejection | null {
  const { max_files, max_lines } = context.settings.paths;
  if (changes.length > max_files) {
    return { reason: "too-large", detail: `${changes.length} files, at most ${max_files} are allowed` };
  }
  const lines = patchSize(changes);
  if (lines > max_lines)
    return { reason: "too-large", detail: `${lines} lines, at most ${max_lines} are allowed` };
  for (const change of changes) {
    if (change.after === null || !context.language.isSource(change.path)) continue;
    const error = context.language.syntaxError(change.after);
    if (error === null) continue;
    const before = change.before === null ? null : context.language.syntaxError(change.before);
    if (before === null) return { reason: "syntax-error", detail: `${change.path} ${error}` };
  }
  return null;
}
