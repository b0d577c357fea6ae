import { fenceOf } from "./fenced-blocks.ts";
import type { Issue } from "./issue.ts";
import { headOf, tailOf, withoutHidden } from "./visible-text.ts";

/** About 6,000 tokens: leaves room for code in the smallest window the models are trained for. */
const maxIssue = 24_000;
const maxRaw = 200_000;
const maxTitle = 300;
const maxHint = 4_000;

/** Head and tail with a remark between them when the text is too long: the error message is often at the end. */
function bounded(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = headOf(text, Math.floor(limit * 0.75));
  const tail = tailOf(text, limit - head.length);
  const omitted = text.length - head.length - tail.length;
  return `${head}\n\n[... ${omitted} characters left out ...]\n\n${tail}`;
}

/** Index after the fenced block that starts at `start` (a line start). */
function endOfFence(text: string, start: number): number {
  const lineEnd = (from: number): number => {
    const newline = text.indexOf("\n", from);
    return newline < 0 ? text.length : newline + 1;
  };
  const open = fenceOf(text.slice(start, lineEnd(start)));
  for (let at = lineEnd(start); at < text.length; at = lineEnd(at)) {
    const fence = fenceOf(text.slice(at, lineEnd(at)));
    if (open !== null && fence?.info === "" && fence.mark === open.mark && fence.length >= open.length) {
      return lineEnd(at);
    }
  }
  return text.length;
}

/** Index after the inline code that starts at `start`, or after its backquotes when nothing closes them in the paragraph. */
function endOfInlineCode(text: string, start: number): number {
  let content = start;
  while (text[content] === "`") content++;
  const length = content - start;
  for (let at = content; at < text.length; at++) {
    if (text[at] === "\n" && text[at + 1] === "\n") break;
    if (text[at] !== "`") continue;
    const from = at;
    while (text[at] === "`") at++;
    if (at - from === length) return at;
  }
  return content;
}

type Piece = { readonly code: boolean; readonly text: string };

/** The text as code and prose, without the HTML comments that GitHub hides; comments inside code are visible and stay. */
function pieces(text: string): readonly Piece[] {
  const result: Piece[] = [];
  const special = /^[ \t]{0,100}(?:`{3}|~{3})|`+|<!--/gm;
  let from = 0;
  for (let match = special.exec(text); match !== null; match = special.exec(text)) {
    const start = match.index;
    result.push({ code: false, text: text.slice(from, start) });
    const lineStart = start === 0 || text[start - 1] === "\n";
    const [found] = match;
    if (found === "<!--") {
      const close = text.indexOf("-->", start + 4);
      from = close < 0 ? text.length : close + 3;
    } else {
      const newline = text.indexOf("\n", start);
      const fence = lineStart && fenceOf(text.slice(start, newline < 0 ? text.length : newline)) !== null;
      from = fence ? endOfFence(text, start) : endOfInlineCode(text, text.indexOf("`", start));
      result.push({ code: true, text: text.slice(start, from) });
    }
    special.lastIndex = from;
  }
  result.push({ code: false, text: text.slice(from) });
  return result;
}

const shortenDataUris = (text: string): string =>
  text.replace(
    /\bdata:([\w.+-]{1,60}\/[\w.+-]{1,60})((?:;[\w=-]{1,40}){0,4}),[\w+/=%-]{80,}/g,
    "data:$1$2,[...]",
  );

/** Images say nothing to these models; their description may. */
const withoutImages = (text: string): string =>
  text
    .replace(
      /!\[([^[\]\n]{0,200})\]\([^()\n]{0,2000}\)/g,
      (_, alt: string) => `[image: ${alt.slice(0, 100)}]`,
    )
    .replace(/<img\b[^<>]{0,4000}>/gi, "[image]");

/**
 * Issue text as models may see it: what a reader of the page does not see is gone (HTML comments, zero-width,
 * bidirectional and tag characters), embedded images are reduced, newlines are plain, the length is bounded.
 * It still is what a stranger wrote.
 */
export function cleanIssueText(raw: string, limit: number = maxIssue): string {
  const text = shortenDataUris(withoutHidden(bounded(raw, maxRaw)));
  const visible = pieces(text)
    .map((piece) => (piece.code ? piece.text : withoutImages(piece.text)))
    .join("");
  const trimmed = visible
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
  return bounded(trimmed.replace(/\n{4,}/g, "\n\n\n").trim(), limit);
}

/** Whether the models see only the head and the tail of an issue's description. */
export const isShortened = (body: string): boolean =>
  body.length > maxRaw || cleanIssueText(body, maxRaw).length > maxIssue;

/** What is said beside the issue's own text. */
export type Added = {
  /** Of the maintainer who asked. */
  readonly hint?: string | undefined;
  /** The talk below it, oldest first. */
  readonly comments?: readonly Said[];
};

export type Said = { readonly author: string; readonly body: string };

/** Comments together, at most, at least beside a long issue, and each, in characters. */
const talk = { most: 8_000, least: 2_000, each: 4_000 };

/**
 * Title and body for the prompts, then the comments that fit, the newest before older ones, then what the maintainer who
 * asked adds; empty when there is none of it.
 */
export function problemStatement(
  issue: Pick<Issue, "title" | "body">,
  { hint = "", comments = [] }: Added = {},
): string {
  const title = cleanIssueText(issue.title, maxTitle).replace(/\s+/g, " ");
  const body = cleanIssueText(issue.body);
  const added = cleanIssueText(hint, maxHint);
  return [title, body, ...talkOf(comments, maxIssue - body.length), added && `A maintainer adds:\n\n${added}`]
    .filter((part) => part !== "")
    .join("\n\n");
}

function talkOf(comments: readonly Said[], room: number): readonly string[] {
  const shown: string[] = [];
  let left = Math.max(talk.least, Math.min(talk.most, room));
  for (const { author, body } of comments.toReversed()) {
    const said = cleanIssueText(body, Math.min(talk.each, left));
    if (said === "") continue;
    const text = `${author.replace(/[^\w-]/g, "")} comments:\n\n${said}`;
    left -= text.length;
    if (left < 0) break;
    shown.unshift(text);
  }
  return shown;
}
