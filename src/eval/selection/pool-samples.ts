import { applySample } from "../../pipeline/apply-sample.ts";
import { createSourceReader } from "../../pipeline/source-files.ts";
import type { StageContext } from "../../pipeline/stage-context.ts";
import type { SampleEnd } from "../../pipeline/written-sample.ts";
import type { Completion } from "../../domain/transcript.ts";
import { patchAsAnswer } from "./patch-answer.ts";

/** All of a pooled patch that a selection may see. */
export type OfferedPatch = { readonly id: string; readonly patch: string };

/** A pooled patch as the pipeline takes it: written with its class, or rejected with the reason. */
export type PoolSample = { readonly id: string; readonly end: SampleEnd };

/** The pool as if it were what the generation model had answered, one sample a patch, in the pool's order. */
export async function applyPool(
  context: StageContext,
  pool: readonly OfferedPatch[],
): Promise<readonly PoolSample[]> {
  const read = createSourceReader(context.checkout);
  const samples: PoolSample[] = [];
  for (const [index, { id, patch }] of pool.entries()) {
    const answer = await patchAsAnswer(patch, read);
    if (answer.kind === "untellable") {
      const rejected = { sample: id, reason: "malformed-edit", detail: answer.why } as const;
      samples.push({ id, end: { kind: "rejected", rejected } });
      continue;
    }
    const told = { sample: id, index, refines: null, chat: [], call: id, completion: said(answer.text) };
    samples.push({ id, end: await applySample(context, read, told) });
  }
  return samples;
}

const said = (text: string): Completion => ({
  text,
  reasoning: "",
  finish: "stop",
  model: "pool",
  usage: { prompt: 0, completion: 0, estimated: true },
  milliseconds: 0,
});
