import { fencedBlocks, type FencedBlock } from "./fenced-blocks.ts";
import type { Completion } from "./transcript.ts";

const tagOf = (block: FencedBlock): string =>
  (block.info.split(/[\s,}]/, 1)[0] ?? "").replace(/^[{.]+/, "").toLowerCase();

/**
 * The script of a PoC answer: the last block tagged with one of the language's `fences`, else the last bare block
 * (blocks of other languages are output or shell lines). Null when there is none. A block that never closes counts
 * only when the model itself stopped; otherwise its end is missing.
 */
export function parsePoc(
  answer: string,
  finish: Completion["finish"],
  fences: readonly string[],
): string | null {
  const blocks = fencedBlocks(answer).filter(
    (block) => (block.closed || finish === "stop") && block.lines.some((line) => line.trim() !== ""),
  );
  const tagged = blocks.filter((block) => fences.includes(tagOf(block)));
  const bare = blocks.filter((block) => tagOf(block) === "");
  const block = tagged.at(-1) ?? bare.at(-1);
  return block === undefined ? null : `${block.lines.join("\n").trimEnd()}\n`;
}
