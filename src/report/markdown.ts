import { headOf, withoutHidden, withVisibleHidden } from "../domain/visible-text.ts";

/** Breaks what GitHub would link: mentions, issue references, addresses. Only code is safe without it. */
export const apart = "\u200B";

/** GitHub takes 65,536 characters; the rest is room for markers and for what counts twice. */
export const maxBody = 58_000;

/** `[skip ci]` and its spellings: in a commit message they keep a pull request's checks from running. */
const skipsChecks = /\b(?:skip|no)(?=[ _-](?:ci|actions|checks)\b)|\b(?:ci|actions)(?=[ _-]skip\b)/gi;

/** Text in which nobody is mentioned and no issue referred to. */
export const unlinked = (text: string): string =>
  text
    .replaceAll("@", `@${apart}`)
    .replace(/#(?=\d)/g, `#${apart}`)
    .replace(/\b(GH-)(?=\d)/gi, `$1${apart}`);

/**
 * Untrusted text as one line of plain text that mentions nobody, refers to nothing and closes no issue; also fit for
 * titles and commit messages, where Markdown escapes would be seen.
 */
export function plainLine(text: string, maxLength = 200): string {
  const line = withoutHidden(headOf(text, 4 * maxLength + 1000))
    .replace(/\s+/g, " ")
    .trim();
  const short = line.length > maxLength ? `${headOf(line, maxLength - 1).trimEnd()}…` : line;
  return unlinked(short)
    .replaceAll("://", `:${apart}//`)
    .replace(/\bwww\./gi, `www${apart}.`)
    .replace(skipsChecks, (word) => word + apart);
}

const htmlText = (line: string): string =>
  line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Untrusted text within a Markdown paragraph, heading or table cell: nothing in it is markup, HTML, link or mention. */
export const inlineText = (text: string, maxLength = 200): string =>
  htmlText(
    plainLine(text, maxLength)
      .replace(/[\\`*_[\]~|$]/g, "\\$&")
      .replace(/^(\d{0,9})([.)#=+-])/, "$1\\$2"),
  );

function longestRun(text: string, mark: string): number {
  let longest = 0;
  let run = 0;
  for (const char of text) {
    run = char === mark ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Untrusted text as inline code, also inside table cells; code is never linked or mentioned. */
export function inlineCode(text: string, maxLength = 200): string {
  const line = withVisibleHidden(headOf(text, maxLength)).replace(/[\s|]+/g, (gap) =>
    gap.includes("|") ? gap.replaceAll("|", "¦").replace(/\s/g, " ") : " ",
  );
  const ticks = "`".repeat(longestRun(line, "`") + 1);
  const pad = /^[` ]|[` ]$/.test(line) ? " " : "";
  return `${ticks}${pad}${line === "" ? " " : line}${pad}${ticks}${text.length > maxLength ? "…" : ""}`;
}

/** Untrusted text as a code block: its fence is longer than any run inside, hidden characters are shown. */
export function codeBlock(text: string, language = ""): string {
  const content = withVisibleHidden(text).replace(/\n+$/, "");
  const fence = "`".repeat(Math.max(3, longestRun(content, "`") + 1));
  return `${fence}${language.replace(/[^\w+-]/g, "")}\n${content}\n${fence}`;
}

/** A folded part; `summary` is untrusted text, `content` is Markdown. */
export const fold = (summary: string, content: string): string =>
  `<details>\n<summary>${htmlText(plainLine(summary)).replace(/[[\]`*_]/g, (mark) => `&#${mark.charCodeAt(0)};`)}</summary>\n\n${content}\n\n</details>`;

/** A table; head and cells are Markdown of one line each. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join("\n");

/** A part of a body; what is not `required` may be left out, the last parts first, when the body gets too long. */
export type Section = { readonly name: string; readonly text: string; readonly required: boolean };

export const section = (name: string, text: string, required = true): Section => ({ name, text, required });

const leftOutNote = (names: readonly string[]): string =>
  names.length === 0 ? "" : `\n\n_Left out because of GitHub's size limit: ${names.join(", ")}._`;

/** The sections under one another, cut only at their borders; what was left out is said. */
export function joinSections(sections: readonly Section[], limit = maxBody): string {
  const kept = sections.filter((section) => section.text !== "");
  const leftOut: string[] = [];
  const body = (): string => kept.map((section) => section.text).join("\n\n") + leftOutNote(leftOut);
  while (body().length > limit) {
    const last = kept.findLastIndex((section) => !section.required);
    if (last < 0) break;
    leftOut.unshift(...kept.splice(last, 1).map((section) => section.name));
  }
  return body();
}
