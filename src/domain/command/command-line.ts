import MarkdownIt from "markdown-it";

/** A line that speaks to the bot, and the rest of its comment. */
export type CommandLine = {
  /** What follows `/copatcher` or the mention on the line. */
  readonly words: string;
  /** The lines below it. */
  readonly below: string;
};

/** GitHub takes no longer comment. */
const longest = 65_536;

/** Only what hides a line from being plain text; its nesting is bounded, so that no comment takes long to read. */
const markdown = new MarkdownIt({ html: true, maxNesting: 20 });
markdown.inline.ruler.enableOnly(["text", "newline", "escape", "backticks", "html_inline"]);
markdown.inline.ruler2.enableOnly([]);
markdown.core.ruler.enableOnly(["normalize", "block", "inline"]);

/** Whether a text may hold a command: cheap enough for every comment that GitHub tells of. */
export const mayHoldCommand = (comment: string): boolean =>
  /^\/copatcher/im.test(comment) || /^\s{0,100}@[\w-]{1,100}(?:\[bot\])?\s/.test(comment);

/**
 * The first line that begins with `/copatcher`, or the first line of all when it begins with a mention of `slug`. What
 * GitHub shows as a quote, a list, code or not at all never counts (peers.md, complaints 18 and 30).
 */
export function commandLine(comment: string, slug: string | null): CommandLine | null {
  const [found] = commandLines(comment, slug);
  if (found === undefined) return null;
  const below = found.lines
    .slice(found.number + 1)
    .join("\n")
    .trim();
  return { words: found.words, below };
}

/** A comment as people's talk: without the lines that speak to the bot. */
export function withoutCommands(comment: string, slug: string | null): string {
  const found = commandLines(comment, slug);
  if (found.length === 0) return comment;
  const numbers = new Set(found.map(({ number }) => number));
  return (found[0]?.lines ?? []).filter((_, number) => !numbers.has(number)).join("\n");
}

type FoundLine = {
  readonly words: string;
  readonly number: number;
  readonly lines: readonly string[];
};

function commandLines(comment: string, slug: string | null): readonly FoundLine[] {
  if (comment.length > longest) return [];
  const found: FoundLine[] = [];
  const text = comment.replace(/\r\n?/g, "\n");
  const lines = text.split("\n");
  const mention = slug === null ? null : mentionOf(slug);
  const begin = lines.findIndex((line) => line.trim() !== "");
  for (const { first, last, beginnings } of paragraphs(text)) {
    for (let number = first; number < last; number += 1) {
      const line = (lines[number] ?? "").trimEnd();
      const match = /^\/copatcher(?:[ \t]+(.*))?$/i.exec(line) ?? (number === begin && mention?.exec(line));
      if (!match || !beginnings.some((text) => line.startsWith(text))) continue;
      found.push({ words: (match[1] ?? "").trim(), number, lines });
    }
  }
  return found;
}

const mentionOf = (slug: string): RegExp =>
  new RegExp(`^@${slug.replace(/[^\w-]/g, "")}(?:\\[bot\\])?(?:[ \\t]+(.*))?$`, "i");

type Paragraph = {
  /** Its lines, `last` excluded. */
  readonly first: number;
  readonly last: number;
  /** How those of its lines begin that begin as text, up to the first code or tag. */
  readonly beginnings: readonly string[];
};

/** The text's own paragraphs and headings; those of quotes and lists are not its own. */
function paragraphs(text: string): readonly Paragraph[] {
  const found: Paragraph[] = [];
  for (const token of markdown.parse(text, {})) {
    if (token.type !== "inline" || token.level !== 1 || token.map === null) continue;
    const beginnings: string[] = [];
    let begins = true;
    for (const { type, content } of token.children ?? []) {
      if (begins && type === "text" && isCalled(content)) beginnings.push(content.trimEnd());
      begins = type === "softbreak" || type === "hardbreak";
    }
    found.push({ first: token.map[0], last: token.map[1], beginnings });
  }
  return found;
}

const isCalled = (text: string): boolean => /^(?:\/copatcher|@)/i.test(text);
