import type { Block } from "./block.ts";
import { tokenFlops, type EngineParameters, type StepLoad } from "./parameters.ts";
import { missingTokens, type Sequence } from "./sequence.ts";

/** What the step costs in which every sequence computes its `scheduled` tokens. */
export function loadOf(parameters: EngineParameters, sequences: readonly Sequence[]): StepLoad {
  let flops = 0;
  let kvTokens = 0;
  for (const { scheduled, computed } of sequences) {
    flops += tokenFlops(parameters, scheduled, computed);
    kvTokens += computed + scheduled;
  }
  if (parameters.cascade && sequences.length > 1 && sequences.every((one) => missingTokens(one) === 1)) {
    const shared = commonBlocks(sequences) * parameters.blockTokens;
    kvTokens -= shared * (sequences.length - 1);
  }
  return { sequences: sequences.length, flops, kvTokens };
}

function commonBlocks(sequences: readonly Sequence[]): number {
  const [first, ...others] = sequences;
  if (first === undefined) return 0;
  const isCommon = (block: Block, at: number): boolean => others.every(({ blocks }) => blocks[at] === block);
  const differs = first.blocks.findIndex((block, at) => !isCommon(block, at));
  return differs === -1 ? first.blocks.length : differs;
}
