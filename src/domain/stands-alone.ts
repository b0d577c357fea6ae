import MarkdownIt from "markdown-it";

const markdown = new MarkdownIt("commonmark", { html: true, maxNesting: 20 });
markdown.core.ruler.enableOnly(["normalize", "block"]);

const probe = "what follows";

/** Whether Markdown leaves what stands below it alone: no code block, quote, list or HTML of it is still open at its end. */
export function standsAlone(text: string): boolean {
  const last = markdown
    .parse(`${text}\n\n${probe}`, {})
    .filter(({ level, type }) => level === 1 && type === "inline");
  return last.at(-1)?.content === probe;
}
