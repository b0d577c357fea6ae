/** One fenced code block of a model's answer; `info` is what follows the opening fence. */
export type FencedBlock = {
  /** The lines since the block before it. */
  readonly before: readonly string[];
  readonly info: string;
  readonly lines: readonly string[];
  readonly closed: boolean;
};

type Fence = { readonly mark: string; readonly length: number; readonly info: string };

/** The fence that a line opens or closes: three or more backquotes or tildes, indented or not; null for other lines. */
export function fenceOf(line: string): Fence | null {
  const text = line.trim();
  const mark = text[0];
  if (mark !== "`" && mark !== "~") return null;
  let length = 1;
  while (text[length] === mark) length++;
  const info = text.slice(length).trim();
  if (length < 3 || (mark === "`" && info.includes("`"))) return null;
  return { mark, length, info };
}

/** Lines of a model's answer, with either line ending. */
export const answerLines = (answer: string): string[] =>
  answer.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));

/** Every fenced block in order; a fence that never closes gives a last block with `closed: false`. */
export function fencedBlocks(answer: string): readonly FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let before: string[] = [];
  let open: { readonly fence: Fence; readonly lines: string[] } | null = null;
  for (const line of answerLines(answer)) {
    const fence = fenceOf(line);
    if (open === null) {
      if (fence === null) before.push(line);
      else open = { fence, lines: [] };
    } else if (fence?.info === "" && fence.mark === open.fence.mark && fence.length >= open.fence.length) {
      blocks.push({ before, info: open.fence.info, lines: open.lines, closed: true });
      open = null;
      before = [];
    } else {
      open.lines.push(line);
    }
  }
  if (open !== null) blocks.push({ before, info: open.fence.info, lines: open.lines, closed: false });
  return blocks;
}
