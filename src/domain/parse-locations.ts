import { answerLines, fencedBlocks } from "./fenced-blocks.ts";
import type { LineRange, NamedLocation } from "./location.ts";
import { unquoted } from "./repo-path.ts";
import { pathResolver, type ResolvePath } from "./resolve-path.ts";

const maxFiles = 50;
const maxLocations = 500;
const maxLine = 400;

/** A list item or heading without its bullet, number, hashes and quotes. */
function itemText(line: string): string {
  const text = line
    .slice(0, maxLine)
    .trim()
    .replace(/^(?:[-+*•]\s+|\d{1,3}[.)]\s+|#{1,6}\s+)/, "")
    .replace(/\s*#+$/, "");
  return unquoted(unquoted(text).replace(/^file\s*:\s*/i, ""));
}

/** A path without the line numbers and punctuation behind it: `a.py:12-15:`. */
const barePath = (text: string): string => text.replace(/(?::\d{1,9}(?:[-:]\d{1,9})?)?[:,;]*$/, "");

/** The file a line names: the whole line, else its first word (an explanation follows). */
function fileOf(line: string, resolve: ResolvePath): string | null {
  const text = itemText(line);
  if (text === "") return null;
  const whole = resolve(text) ?? resolve(barePath(text));
  if (whole !== null) return whole;
  const [word = ""] = text.split(/\s/, 1);
  return resolve(barePath(word));
}

/**
 * The files one sample names, most important first, each once: those of the last fenced block that names any.
 * Without such a block only lines that are nothing but an existing path count.
 */
export function parseFileList(answer: string, tree: readonly string[]): readonly string[] {
  const resolve = pathResolver(tree);
  const named = (lines: readonly string[]): readonly string[] => [
    ...new Set(lines.map((line) => fileOf(line, resolve)).filter((path) => path !== null)),
  ];
  for (const block of fencedBlocks(answer).toReversed()) {
    const files = named(block.lines);
    if (files.length > 0) return files.slice(0, maxFiles);
  }
  const known = new Set(tree);
  const bare = answerLines(answer).filter((line) => known.has(itemText(line)));
  return named(bare).slice(0, maxFiles);
}

function lineRanges(text: string): readonly LineRange[] {
  return Array.from(text.matchAll(/(\d{1,9})(?:\s{0,3}(?:-|–|—|to)\s{0,3}(\d{1,9}))?/g), (match) => {
    const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
    return { first: Math.min(from, to), last: Math.max(from, to) };
  }).filter((range) => range.first > 0);
}

/** Names as the structure knows them: without `def`, arguments, quotes. */
const names = (text: string): readonly string[] =>
  text
    .replace(/\([^()]*\)/g, "")
    .split(",")
    .map((part) => unquoted(part).replace(/^(?:async\s+)?(?:def|class)\s+/, ""))
    .map((part) => /^[\p{L}_$][\p{L}\p{N}_$.]*/u.exec(part)?.[0] ?? "")
    .filter((name) => name !== "");

const kinds = {
  class: "class",
  classes: "class",
  function: "function",
  functions: "function",
  method: "function",
  methods: "function",
  variable: "variable",
  variables: "variable",
} as const;

/** What one `key: value` line names; null for every other line. */
function namedBy(line: string, path: string): readonly NamedLocation[] | null {
  const match = /^([a-z]{4,9})\s{0,3}:(.*)$/i.exec(itemText(line).replaceAll("**", ""));
  if (match === null) return null;
  const [, key = "", value = ""] = match;
  const lower = key.toLowerCase();
  if (lower === "line" || lower === "lines") {
    return lineRanges(value).map((range) => ({ kind: "line", path, range }));
  }
  const kind = Object.entries(kinds).find(([name]) => name === lower)?.[1];
  return kind === undefined ? null : names(value).map((name) => ({ kind, path, name }));
}

const looksLikePath = (line: string): boolean => /^[^\s:]{1,300}\.\w{1,8}$/.test(itemText(line));

function locationsIn(
  lines: readonly string[],
  resolve: ResolvePath,
  only: string | null,
): readonly NamedLocation[] {
  const found: NamedLocation[] = [];
  let path = only;
  for (const line of lines) {
    const named = namedBy(line, path ?? "");
    if (named !== null) {
      if (path !== null) found.push(...named);
    } else {
      const file = fileOf(line, resolve);
      if (file !== null) path = file;
      else if (looksLikePath(line)) path = null;
    }
  }
  return found.slice(0, maxLocations);
}

/**
 * The answer's fenced blocks, those of one answer together: blocks with nothing between them but blank lines and names of
 * files, which count as the next block's first lines. A block that names a file again starts a new answer.
 */
function answersIn(answer: string, resolve: ResolvePath): readonly (readonly string[])[] {
  const answers: { readonly lines: string[]; readonly files: Set<string> }[] = [];
  for (const block of fencedBlocks(answer)) {
    const between = block.before.filter((line) => line.trim() !== "");
    const prose = between.findLastIndex((line) => fileOf(line, resolve) === null);
    const lines = [...between.slice(prose + 1), ...block.lines];
    const files = new Set(lines.map((line) => fileOf(line, resolve)).filter((path) => path !== null));
    const last = answers.at(-1);
    if (last === undefined || prose >= 0 || [...files].some((path) => last.files.has(path))) {
      answers.push({ lines, files });
    } else {
      for (const line of lines) last.lines.push(line);
      for (const path of files) last.files.add(path);
    }
  }
  return answers.map(({ lines }) => lines);
}

/**
 * The places one sample names, from the last fenced blocks that name any (else from the whole answer).
 * `files` are the files of the prompt: places in other files are dropped, and with one file only its name may be missing.
 */
export function parseLocations(answer: string, files: readonly string[]): readonly NamedLocation[] {
  const resolve = pathResolver(files);
  const only = files.length === 1 ? (files[0] ?? null) : null;
  for (const lines of answersIn(answer, resolve).toReversed()) {
    const found = locationsIn(lines, resolve, only);
    if (found.length > 0) return found;
  }
  return locationsIn(answerLines(answer), resolve, only);
}
