import { applyEdits } from "../../src/domain/apply-edits.ts";
import type { RejectionReason } from "../../src/domain/edit.ts";
import { parseEdits } from "../../src/domain/parse-edits.ts";
import { parseConclusion, parseJudgement } from "../../src/domain/parse-judgement.ts";
import { parseFileList, parseLocations } from "../../src/domain/parse-locations.ts";
import { parsePoc } from "../../src/domain/parse-poc.ts";
import { splitReasoning } from "../../src/domain/reasoning.ts";
import type { Conclusion, Entry, Place, Replacement, Script, Verdict } from "./entry.ts";
import { tree } from "./tree.ts";

/** Files as a set of changes leaves them. */
export type Files = Readonly<Record<string, string | null>>;

const answerOf = (entry: Entry<unknown>): string => splitReasoning(entry.reply).text;

/** As a generation sample is read: the files that it changes, as they are then. */
export function readPatch(entry: Entry<unknown>): Files | RejectionReason {
  if (entry.finish === "length") return "truncated";
  const parsed = parseEdits(answerOf(entry));
  if (!parsed.ok) return parsed.rejection.reason;
  const applied = applyEdits(parsed.edits, (path) =>
    Object.hasOwn(tree, path) ? { text: tree[path] ?? "" } : null,
  );
  return applied.ok
    ? Object.fromEntries(applied.changes.map(({ path, after }) => [path, after]))
    : applied.rejection.reason;
}

/** What the tree's files become by these replacements. Fails for a text that is not in its file exactly once. */
export function replaced(replacements: readonly Replacement[]): Files {
  const files: Record<string, string> = {};
  for (const [path, from, to] of replacements) {
    const text = files[path] ?? tree[path] ?? "";
    if (from !== null && text.split(from).length !== 2) throw new Error(`${path} has not one ${from}`);
    files[path] = from === null ? to : text.split(from).join(to);
  }
  return files;
}

export const readFiles = (entry: Entry<unknown>): readonly string[] =>
  parseFileList(answerOf(entry), Object.keys(tree));

/** The files that the line prompts of the corpus show. */
export const shown = ["shop/parcel.py", "shop/rates.py"];

export const readPlaces = (entry: Entry<unknown>): readonly Place[] =>
  parseLocations(answerOf(entry), shown).map((named) =>
    named.kind === "line" ? [named.path, named.range] : [named.path, `${named.kind} ${named.name}`],
  );

export const readScript = (entry: Entry<unknown>): Script =>
  parsePoc(answerOf(entry), entry.finish ?? "stop", ["python", "py", "python3"]);

export const readVerdict = (entry: Entry<unknown>): Verdict =>
  entry.finish === "length" ? "unparsable" : parseJudgement(answerOf(entry));

export const readConclusion = (entry: Entry<unknown>): Conclusion => parseConclusion(answerOf(entry));
