import { logicalLines } from "./logical-lines.ts";

/**
 * The text cut before each class and function of the module, with its decorators: each piece means what it means wherever it
 * stands, since no docstring, clause or line of another can begin there. One piece where only a parser can tell.
 */
export function modulePieces(text: string): readonly string[] {
  const lines = logicalLines(text) ?? [];
  const cuts: number[] = [];
  let before = "";
  for (const line of lines) {
    if (line.kind === "comment") continue;
    const isHeadless = before.endsWith(":") && line.indent === 0;
    if (isHeadless) return [text];
    const begins =
      line.indent === 0 && /^(?:@|(?:class|def|async)\b)/.test(text.slice(line.start, line.start + 6));
    if (begins && !before.startsWith("@")) cuts.push(line.start);
    before = text.slice(line.start, line.end);
  }
  const starts = [0, ...cuts.filter((cut) => cut > 0)];
  return starts.map((start, place) => text.slice(start, starts[place + 1]));
}
