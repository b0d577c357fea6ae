import type { LineRange } from "../../domain/location.ts";
import { countLines } from "../../domain/text-lines.ts";
import type { Definition, Structure } from "../language.ts";
import { targetsOf } from "./bound-names.ts";
import { logicalLines, type CodeLine, type CommentLine } from "./logical-lines.ts";

export type Outline = { readonly structure: Structure; readonly skeleton: string };

type Scope = {
  readonly kind: "module" | "class" | "function";
  /** Of the names in it. */
  readonly prefix: string;
  /** Whether it is a function, or lies in one. */
  readonly inFunction: boolean;
};

type OpenDefinition = Pick<Definition, "kind" | "name"> & { readonly first: number; last: number };

/** `end` is behind the last token of a simple one, and behind the comments in the block of any other. */
type Statement = { readonly start: number; readonly isDocstring: boolean; end: number };

type Block = {
  readonly indent: number;
  readonly scope: Scope;
  /** The definition whose body it is. */
  readonly owner: OpenDefinition | null;
  /** The first word of what it belongs to. */
  readonly head: string;
  readonly outer: Block | null;
  readonly statements: Statement[];
  /** Its last line, or a comment that still belongs to it. */
  end: Pick<CodeLine | CommentLine, "fullEnd" | "lastRow">;
};

type Opened = Pick<Block, "scope" | "owner" | "head">;

type Reading = {
  readonly text: string;
  readonly definitions: OpenDefinition[];
  readonly imports: LineRange[];
  /** What the skeleton leaves out. */
  readonly elided: { readonly start: number; readonly end: number }[];
  block: Block;
  /** Of the head whose block has not begun yet. */
  opened: Opened | null;
  /** The first one of the definition that comes next. */
  decorator: CodeLine | null;
  /** Comments since the last line of code. */
  comments: CommentLine[];
};

/**
 * Structure and skeleton as `structureOf` and `skeletonOf` give them, read from a text's lines alone: parsing is nearly all
 * that reading a repository costs. Equal for every text without a syntax error; null where only a parser can tell.
 */
export function outlineOf(text: string): Outline | null {
  const lines = logicalLines(text);
  if (lines === null) return null;
  const reading = newReading(text);
  for (const line of lines) {
    if (line.kind === "comment") reading.comments.push(line);
    else if (!enterBlock(reading, line) || !readLine(reading, line)) return null;
  }
  if (reading.opened !== null || reading.decorator !== null) return null;
  closeBlocks(reading, 0);
  const definitions = reading.definitions.map(({ kind, name, first, last }) => ({
    kind,
    name,
    range: { first, last },
  }));
  const structure = { definitions, imports: reading.imports, lines: countLines(text) };
  return { structure, skeleton: skeletonOf(reading) };
}

function newReading(text: string): Reading {
  const scope = { kind: "module", prefix: "", inFunction: false } as const;
  const end = { fullEnd: 0, lastRow: 0 };
  const block = { indent: 0, scope, owner: null, head: "", outer: null, statements: [], end };
  const found = { definitions: [], imports: [], elided: [] };
  return { text, ...found, block, opened: null, decorator: null, comments: [] };
}

/** Goes to the block that the line's indentation says; false where there is none. */
function enterBlock(reading: Reading, line: CodeLine): boolean {
  const { opened, block } = reading;
  const { indent } = line;
  if (opened === null) closeBlocks(reading, indent);
  else if (indent > block.indent) reading.block = newBlock(opened, line, block);
  else return false;
  reading.opened = null;
  reading.comments = [];
  return reading.block.indent === indent;
}

/** Written out: a spread costs more than all else here. */
const newBlock = ({ scope, owner, head }: Opened, line: CodeLine, outer: Block): Block => ({
  indent: line.indent,
  scope,
  owner,
  head,
  outer,
  statements: [],
  end: line,
});

/** Ends all blocks that lie deeper. */
function closeBlocks(reading: Reading, indent: number): void {
  let taken = 0;
  for (let { block } = reading; block.outer !== null && block.indent > indent; block = reading.block) {
    const { outer, owner, statements } = block;
    for (
      let next = reading.comments[taken];
      next !== undefined && next.indent >= block.indent;
      next = reading.comments[taken]
    ) {
      block.end = next;
      taken += 1;
    }
    outer.end = block.end;
    const whole = outer.statements.at(-1);
    if (whole !== undefined) whole.end = block.end.fullEnd;
    if (owner !== null) owner.last = block.end.lastRow + 1;
    if (owner?.kind === "function" && !outer.scope.inFunction) elideBody(reading, statements);
    reading.block = outer;
  }
}

function elideBody(reading: Reading, statements: readonly Statement[]): void {
  const [first, second] = statements;
  const elided = first?.isDocstring === true ? second : first;
  const last = statements.at(-1);
  if (elided !== undefined && last !== undefined) reading.elided.push({ start: elided.start, end: last.end });
}

const heads = new Set(["if", "for", "while", "try", "with", "async"]);
/** Heads of a block only where one follows. */
const softHeads = new Set(["match", "case"]);
const clauses = new Set(["elif", "else", "except", "finally"]);

/** Takes a line in its block; false where only a parser knows what it says. */
function readLine(reading: Reading, line: CodeLine): boolean {
  const { text, block, decorator } = reading;
  const { start, end, fullEnd, colon } = line;
  block.end = line;
  if (decorator !== null && decorator.indent !== line.indent) return false;
  if (text[start] === "@") {
    reading.decorator ??= line;
    return true;
  }
  const isHead = text[end - 1] === ":";
  const word = wordAt(text, start);
  if (word === "def" || word === "class" || word === "async") {
    const found = definitionAt(text, start);
    if (found !== null) return readDefinition(reading, line, found, isHead);
    if (word !== "async") return false;
  }
  // elsewhere `case` is a name, of which an item may be annotated
  if (decorator !== null || (block.head === "match" && word !== "case")) return false;
  if (isHead && word === "case" && block.head !== "match") return false;
  if (clauses.has(word) || heads.has(word) || (softHeads.has(word) && colon !== -1)) {
    const whole = clauses.has(word) ? block.statements.at(-1) : { start, isDocstring: false, end: fullEnd };
    if (whole === undefined) return false;
    if (!clauses.has(word)) block.statements.push(whole);
    whole.end = fullEnd;
    if (isHead) reading.opened = { scope: block.scope, owner: null, head: word };
    // what stands on the head's own line may assign and import
    return isHead || (colon !== -1 && block.scope.kind === "function" && !softHeads.has(word));
  }
  if (isHead) return false;
  const isDocstring = line.stringEnd === end && /^[rRuU]?["']/.test(text.slice(start, start + 2));
  block.statements.push({ start, isDocstring, end });
  return readStatement(reading, line, word);
}

type Found = { readonly kind: "class" | "function"; readonly name: string };

function readDefinition(reading: Reading, line: CodeLine, { kind, name }: Found, isHead: boolean): boolean {
  const { text, block, decorator, definitions } = reading;
  const { scope } = block;
  const { start, row } = decorator ?? line;
  reading.decorator = null;
  const owner = { kind, name: scope.prefix + name, first: row + 1, last: line.lastRow + 1 };
  definitions.push(owner);
  block.statements.push({ start, isDocstring: false, end: line.fullEnd });
  if (isHead) {
    const inFunction = scope.inFunction || kind === "function";
    reading.opened = { scope: { kind, prefix: `${owner.name}.`, inFunction }, owner, head: kind };
    return true;
  }
  if (line.colon === -1) return false;
  const behind = text.slice(line.colon + 1, line.end);
  const body = behind.trimStart();
  if (kind === "class") return body === "pass" || body === "...";
  if (!scope.inFunction)
    reading.elided.push({ start: line.colon + 1 + behind.length - body.length, end: line.end });
  // a string may be a docstring, which the skeleton keeps
  return !/^(?:\w*["']|\\)/.test(body);
}

const imports = new Set(["import", "from"]);
const unassigning = new Set(
  "pass return raise assert del global nonlocal break continue yield await not lambda None True False".split(
    " ",
  ),
);

function readStatement(
  { text, block, imports: found, definitions }: Reading,
  line: CodeLine,
  word: string,
): boolean {
  const { scope } = block;
  const last = line.lastRow + 1;
  if (imports.has(word)) {
    if (!scope.inFunction) found.push({ first: line.row + 1, last });
    return true;
  }
  if (scope.kind === "function" || unassigning.has(word)) return true;
  const targets = targetsOf(text, line);
  if (targets === null) return false;
  for (const { start, names } of targets) {
    const first = line.row + text.slice(line.start, start).split("\n").length;
    definitions.push(
      ...names.map((name) => ({ kind: "variable" as const, name: scope.prefix + name, first, last })),
    );
  }
  return true;
}

function wordAt(text: string, start: number): string {
  const word = /[A-Za-z_]\w*/y;
  word.lastIndex = start;
  return word.exec(text)?.[0] ?? "";
}

function definitionAt(text: string, start: number): Found | null {
  const definition = /(class|(?:async[ \t]+)?def)[ \t]+([A-Za-z_]\w*)/y;
  definition.lastIndex = start;
  const [, keyword, name] = definition.exec(text) ?? [];
  return name === undefined ? null : { kind: keyword === "class" ? "class" : "function", name };
}

function skeletonOf({ text, elided }: Reading): string {
  const parts: string[] = [];
  let kept = 0;
  for (const { start, end } of elided) {
    parts.push(text.slice(kept, start), "...");
    kept = end;
  }
  return parts.join("") + text.slice(kept);
}
