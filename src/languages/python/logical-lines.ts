import { endOfString, startOfString } from "./string-token.ts";

/** A comment that has its row for itself. */
export type CommentLine = {
  readonly kind: "comment";
  readonly indent: number;
  /** Offset behind its last visible character. */
  readonly fullEnd: number;
  /** From 0. */
  readonly lastRow: number;
};

/** A statement, or the head of one with a block, over as many rows as its brackets, strings and backslashes join. */
export type CodeLine = {
  readonly kind: "code";
  /** Width of the indentation; a tab counts as eight blanks, as the grammar has it. */
  readonly indent: number;
  readonly start: number;
  /** Offset behind its last token, and behind the comment that may follow that. */
  readonly end: number;
  readonly fullEnd: number;
  /** Rows of its first and its last token, from 0. */
  readonly row: number;
  readonly lastRow: number;
  /** Where the string ends with which it starts; -1 when it starts otherwise. */
  readonly stringEnd: number;
  /** Outside of brackets: its first colon (-1 without one), and the equals signs that assign. */
  readonly colon: number;
  readonly assigns: readonly number[];
};

export type LogicalLine = CommentLine | CodeLine;

/**
 * The lines of a Python text as its grammar counts them. Null for whatever only a parser can tell for certain: unbalanced
 * brackets, strings without an end, semicolons, comments behind a backslash, line ends of other systems, letters outside of
 * ASCII in code.
 */
export function logicalLines(text: string): readonly LogicalLine[] | null {
  if (/[\r\f\0]/.test(text)) return null;
  const lines: LogicalLine[] = [];
  const place: Place = { at: 0, row: 0 };
  while (place.at < text.length) {
    const blanks = blanksAt(text, place.at);
    const indent = widthOf(blanks);
    place.at += blanks.length;
    const sign = text[place.at];
    if (sign === "\n") nextRow(place);
    else if (sign === "#") {
      lines.push({ kind: "comment", indent, fullEnd: endOfComment(text, place.at), lastRow: place.row });
      place.at = endOfRow(text, place.at);
    } else if (sign !== undefined) {
      const line = sign === "\\" ? null : codeLine(text, place, indent);
      if (line === null) return null;
      lines.push(line);
    }
  }
  return lines;
}

/** Where the reading is. */
type Place = { at: number; row: number };

type Draft = { -readonly [Key in Exclude<keyof CodeLine, "assigns">]: CodeLine[Key] } & { assigns: number[] };

/** What neither opens, closes, joins nor parts anything. */
const plain = /[\w \t+\-*/%&|^~<>@.,]+/y;

/** Reads on to the newline, or to the end of the text. */
function codeLine(text: string, place: Place, indent: number): CodeLine | null {
  const { at: start, row } = place;
  const ends = { end: start, fullEnd: start, lastRow: row };
  const draft: Draft = { kind: "code", indent, start, ...ends, row, stringEnd: -1, colon: -1, assigns: [] };
  const open: string[] = [];
  for (;;) {
    plain.lastIndex = place.at;
    if (plain.test(text)) {
      const behind = behindVisible(text, place.at, plain.lastIndex);
      if (behind > place.at) [draft.end, draft.lastRow] = [behind, place.row];
      place.at = plain.lastIndex;
    }
    const sign = text[place.at];
    if (sign === undefined || (sign === "\n" && open.length === 0)) break;
    if (sign === "\n" || sign === "#" || sign === "\\") {
      if (sign === "#" && open.length === 0) draft.fullEnd = endOfComment(text, place.at);
      if (!skipGap(text, place, indent)) return null;
    } else {
      if (!takeSign(text, place, open, draft)) return null;
      [draft.end, draft.lastRow] = [place.at, place.row];
    }
  }
  draft.fullEnd = Math.max(draft.end, draft.fullEnd);
  return open.length === 0 ? draft : null;
}

/** Moves behind what stands between tokens; false where only a parser knows what it means. */
function skipGap(text: string, place: Place, indent: number): boolean {
  const sign = text[place.at];
  if (sign === "#") place.at = endOfRow(text, place.at);
  else if (sign === "\\") {
    place.at += 1;
    if (text[place.at] !== "\n") return false;
    nextRow(place);
    // the grammar lets the statement reach to the comment's row
    return text[place.at + blanksAt(text, place.at).length] !== "#";
  } else {
    nextRow(place);
    const blanks = blanksAt(text, place.at);
    // the grammar takes a row within brackets that lies further left for the end of the block
    return widthOf(blanks) >= indent || text[place.at + blanks.length] === "\n";
  }
  return true;
}

const closerOf: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Moves behind a token that is not plain; false where only a parser knows what it is. */
function takeSign(text: string, place: Place, open: string[], draft: Draft): boolean {
  const { at } = place;
  const sign = text.charAt(at);
  const outside = open.length === 0;
  const beforeEquals = text[at + 1] === "=";
  place.at += 1;
  const closer = closerOf[sign];
  if (closer !== undefined) {
    open.push(closer);
    return true;
  }
  if (sign === ")" || sign === "]" || sign === "}") return open.pop() === sign;
  if (sign === '"' || sign === "'") return takeString(text, place, at, draft);
  if (sign === ":") {
    if (beforeEquals) place.at += 1;
    else if (outside && draft.colon === -1) draft.colon = at;
    return true;
  }
  if (sign === "=") {
    if (beforeEquals) place.at += 1;
    else if (outside && !/[!<>+\-*/%&|^@]/.test(text.charAt(at - 1))) draft.assigns.push(at);
    return true;
  }
  return sign === "!" && beforeEquals;
}

function takeString(text: string, place: Place, at: number, draft: Draft): boolean {
  const end = endOfString(text, at);
  if (end === -1) return false;
  if (startOfString(text, at) === draft.start) draft.stringEnd = end;
  place.at = end;
  place.row += text.slice(at, end).split("\n").length - 1;
  return true;
}

function nextRow(place: Place): void {
  place.at += 1;
  place.row += 1;
}

function blanksAt(text: string, at: number): string {
  let end = at;
  while (text[end] === " " || text[end] === "\t") end += 1;
  return text.slice(at, end);
}

const widthOf = (blanks: string): number => blanks.length + 7 * (blanks.split("\t").length - 1);

function endOfRow(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end;
}

const endOfComment = (text: string, at: number): number =>
  at + text.slice(at, endOfRow(text, at)).trimEnd().length;

function behindVisible(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && (text[end - 1] === " " || text[end - 1] === "\t")) end -= 1;
  return end;
}
