import type { Edit, Rejection } from "./edit.ts";
import { dividerOf, isDivider, markOf } from "./edit-marks.ts";
import { answerLines, fenceOf } from "./fenced-blocks.ts";

export type ParsedEdits =
  | { readonly ok: true; readonly edits: readonly Edit[] }
  | { readonly ok: false; readonly rejection: Rejection };

/**
 * Edits of one file in one place of the answer. `run` counts the stretches of the answer free of prose. `places` are the
 * SEARCH texts of all its edits, the broken ones too.
 */
type Block = {
  readonly path: string;
  readonly run: number;
  readonly edits: Edit[];
  readonly places: string[];
  broken: string | null;
};

/** What the lines before an edit say about its file; `explicit` when a MODIFIED FILE mark named it. */
type Place = { readonly path: string | null; readonly explicit: boolean };

const maxAnswer = 1_000_000;
const maxEdits = 200;
const nowhere: Place = { path: null, explicit: false };

/** Every line keeps its end, so that no line and one blank line stay different. */
const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

/** Index of the first line from `start` on that ends an edit: its REPLACE mark, or another mark in its stead. */
function endOfEdit(
  lines: readonly string[],
  start: number,
): { readonly index: number; readonly closed: boolean } {
  for (let index = start; index < lines.length; index++) {
    const kind = markOf(lines[index] ?? "")?.kind;
    if (kind === "replace") return { index, closed: true };
    if (kind !== undefined && kind !== "heading" && kind !== "foreign") return { index, closed: false };
  }
  return { index: lines.length, closed: false };
}

/** Where the SEARCH side of a broken edit ends. */
function firstDivider(body: readonly string[]): number {
  const index = body.findIndex(isDivider);
  return index < 0 ? body.length : index;
}

/** Adds the edit whose lines, marks excluded, are `body` to its block; `line` is where it starts, from 1. */
function addEdit(block: Block, body: readonly string[], width: number, closed: boolean, line: number): void {
  const divider = closed ? dividerOf(body, width) : null;
  block.places.push(joined(body.slice(0, divider ?? firstDivider(body))));
  if (divider === null) {
    const missing = closed ? "clear divider" : "REPLACE mark";
    block.broken ??= `the edit that starts at line ${line} of the answer has no ${missing}`;
  } else if (block.path === "") {
    block.broken ??= `the edit that starts at line ${line} of the answer names no file`;
  } else {
    const [search, replace] = [body.slice(0, divider), body.slice(divider + 1)];
    block.edits.push({ path: block.path, search: joined(search), replace: joined(replace) });
  }
}

/** A heading names the file of the edits below it unless a mark did; one with blanks only when nothing else does. */
const placeUnder = (heading: string | null, place: Place): Place =>
  heading === null || place.explicit || (/\s/.test(heading) && place.path !== null)
    ? place
    : { path: heading, explicit: false };

const saysNothing = (line: string): boolean =>
  line.trim() === "" || line.trim() === "..." || fenceOf(line) !== null;

function readBlocks(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  let place = nowhere;
  let heading: string | null = null;
  let block: Block | null = null;
  let run = 0;
  let runOfLastEdit = -1;
  const begin = (path: string | null): Block => {
    const next: Block = { path: path ?? "", run, edits: [], places: [], broken: null };
    blocks.push(next);
    return next;
  };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const mark = markOf(line);
    if (mark?.kind === "file" || mark?.kind === "end-file") {
      place = mark.kind === "file" ? { path: mark.path, explicit: true } : nowhere;
      [heading, block] = [null, null];
    } else if (mark?.kind === "heading") {
      heading = mark.text;
    } else if (mark?.kind === "search") {
      const here = placeUnder(heading, place);
      if (block === null || here !== place) block = begin(here.path);
      [place, heading] = [here, null];
      const end = endOfEdit(lines, index + 1);
      addEdit(block, lines.slice(index + 1, end.index), mark.width, end.closed, index + 1);
      index = end.closed ? end.index : end.index - 1;
      runOfLastEdit = run;
    } else if (mark?.kind === "foreign" || (mark?.kind === "replace" && run !== runOfLastEdit)) {
      block = begin(placeUnder(heading, place).path);
      block.broken = `line ${index + 1} of the answer belongs to an edit without SEARCH mark`;
      runOfLastEdit = run;
    } else if (!saysNothing(line)) {
      heading = null;
      run++;
    }
  }
  return blocks;
}

/** Whether one text's lines occur in the other's: then both edits are about the same place. */
function overlap(a: string, b: string): boolean {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  return short.trim() === "" ? long.trim() === "" : `\n${long}`.includes(`\n${short}`);
}

const restates = (later: Block, earlier: Block): boolean =>
  later.path === earlier.path &&
  later.places.some((place) => earlier.places.some((old) => overlap(place, old)));

/**
 * The blocks of the last answer. A block that edits a place again starts a new answer, which reaches back to the
 * prose before it; what came earlier was a draft.
 */
function lastAnswer(blocks: readonly Block[]): readonly Block[] {
  let start = 0;
  for (const [index, block] of blocks.entries()) {
    for (let earlier = index - 1; earlier >= start; earlier--) {
      const draft = blocks[earlier];
      if (draft === undefined || !restates(block, draft)) continue;
      const runStart = blocks.findIndex((other) => other.run === block.run);
      start = Math.max(runStart, earlier + 1);
      break;
    }
  }
  return blocks.slice(start);
}

function withoutRepeats(edits: readonly Edit[]): readonly Edit[] {
  const seen = new Set<string>();
  return edits.filter((edit) => {
    const key = JSON.stringify([edit.path, edit.search, edit.replace]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * The SEARCH/REPLACE edits of one answer (reasoning already split off). `search` and `replace` hold whole lines,
 * each with its `\n`; an empty `search` means a new file, an empty `replace` a deletion of the lines.
 */
export function parseEdits(answer: string): ParsedEdits {
  if (answer.length > maxAnswer) {
    return {
      ok: false,
      rejection: { reason: "too-large", detail: `the answer has ${answer.length} characters` },
    };
  }
  const found = readBlocks(answerLines(answer));
  const count = found.reduce((sum, block) => sum + 1 + block.edits.length, 0);
  if (count > 2 * maxEdits) {
    return { ok: false, rejection: { reason: "too-large", detail: `more than ${maxEdits} edits` } };
  }
  const blocks = lastAnswer(found);
  const broken = blocks.find((block) => block.broken !== null);
  if (broken?.broken) return { ok: false, rejection: { reason: "malformed-edit", detail: broken.broken } };
  const edits = withoutRepeats(blocks.flatMap((block) => block.edits));
  if (edits.length > 0) return { ok: true, edits };
  const detail = answer.trim() === "" ? "the answer is empty" : "the answer holds no SEARCH/REPLACE edit";
  return { ok: false, rejection: { reason: "no-answer", detail } };
}
