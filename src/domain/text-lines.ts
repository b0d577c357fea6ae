/** One line of a file: its text and how it ends ("" only for a last line without newline). */
export type TextLine = { readonly body: string; readonly end: "" | "\n" | "\r\n" };

/** Lines by `\n` and `\r\n` only: form feeds, lone `\r` and Unicode separators are ordinary characters. Joining gives the text back. */
export function splitLines(text: string): TextLine[] {
  const lines: TextLine[] = [];
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    if (newline < 0) {
      lines.push({ body: text.slice(start), end: "" });
      break;
    }
    const crlf = newline > start && text[newline - 1] === "\r";
    lines.push({ body: text.slice(start, crlf ? newline - 1 : newline), end: crlf ? "\r\n" : "\n" });
    start = newline + 1;
  }
  return lines;
}

export const joinLines = (lines: readonly TextLine[]): string =>
  lines.map((line) => line.body + line.end).join("");

/** How many lines a text has; a newline at its end begins no further one. */
export function countLines(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}
