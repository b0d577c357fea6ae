import type { StageContext } from "../../src/pipeline/stage-context.ts";
import type { InferenceClient, SampleOutcome } from "../../src/ports/inference-client.ts";
import type { Journal } from "../../src/ports/journal.ts";
import { h100Fp8 } from "../../src/simulator/engine/parameters.ts";
import { onBf16, type Deployment } from "./deployments.ts";
import { measureOurs, modelSideOnly } from "./measure.ts";
import type { Distinctness } from "./workload/answers.ts";
import type { Surroundings } from "./world.ts";

type Ablation = {
  /** Wall and GPU seconds of the notes; null where they have none. */
  readonly notes: readonly [seconds: number, gpuSeconds: number] | null;
  readonly deployment?: Deployment;
  readonly groupSize?: number;
  readonly distinct?: Distinctness;
  readonly change?: (context: StageContext) => StageContext;
};

export type Ablated = {
  readonly seconds: number;
  readonly gpuSeconds: number;
  readonly notes: Ablation["notes"];
};

const keepAll = (context: StageContext): StageContext => ({ ...context, schedule: { earlyStop: false } });

const { weightBytes, flops, kvBytesPerToken, kvTokens } = h100Fp8;
const fp8Weights = { weightBytes, flops, kvTokens: 303_000 };
const fp8All = { weightBytes, flops, kvBytesPerToken, kvTokens };

/** As in the notes all but the first keep all sixty candidates; the first is the plan as it is. */
const ablations = {
  plan: { notes: [275, 478] },
  noEarlyStop: { notes: [307, 511], change: keepAll },
  noN: { notes: null, groupSize: 1, change: keepAll },
  noDedup: { notes: [410, 777], distinct: "each-its-own", change: keepAll },
  noOverlap: { notes: [408, 477], change: (context) => withoutOverlap(keepAll(context)) },
  noMemo: { notes: [312, 584], change: (context) => withoutMemo(keepAll(context)) },
  noPrefixCache: { notes: [400, 604], deployment: onBf16({ prefixCache: false }), change: keepAll },
  maxSequences16: { notes: [385, 592], deployment: onBf16({ maxSequences: 16 }), change: keepAll },
  cascade: { notes: [282, 487], deployment: onBf16({ cascade: true }), change: keepAll },
  fp8: { notes: [259, 397], deployment: onBf16(fp8Weights), change: keepAll },
  fp8Kv: { notes: [176, 306], deployment: onBf16(fp8All), change: keepAll },
  fp8KvCascade: { notes: [164, 293], deployment: onBf16({ ...fp8All, cascade: true }), change: keepAll },
} as const satisfies Record<string, Ablation>;

/** One issue on three GPUs in bf16 with one thing changed each; means over the seeds. */
export async function ablate(
  surroundings: Surroundings,
  seeds: readonly number[],
): Promise<Readonly<Record<string, Ablated>>> {
  const results: Record<string, Ablated> = {};
  for (const [name, ablation] of Object.entries<Ablation>(ablations)) {
    const { notes, deployment = onBf16(), groupSize, distinct, change } = ablation;
    const scenarios = seeds.map((seed) => ({
      deployment,
      issues: 1,
      executions: modelSideOnly,
      seed,
      ...(groupSize === undefined ? {} : { groupSize }),
      ...(distinct === undefined ? {} : { distinct }),
    }));
    const { seconds, gpuSecondsPerIssue } = await measureOurs(surroundings, scenarios, change);
    results[name] = { seconds, gpuSeconds: gpuSecondsPerIssue, notes };
  }
  return results;
}

/** Scripts are asked for when the last candidate is written. */
function withoutOverlap(context: StageContext): StageContext {
  const { inference } = context;
  let written = (): void => {};
  const allWritten = new Promise<void>((resolve) => {
    written = resolve;
  });
  let left = context.profile.candidates;
  const counted = (outcome: Promise<SampleOutcome>): Promise<SampleOutcome> =>
    outcome.finally(() => {
      left -= 1;
      if (left === 0) written();
    });
  const gated: InferenceClient = {
    ...inference,
    async sample(request, signal) {
      if (request.stage.startsWith("poc-")) await allWritten;
      const outcome = inference.sample(request, signal);
      return request.stage === "generate" ? counted(outcome) : outcome;
    },
    sampleMany(requests, signal) {
      const outcomes = inference.sampleMany(requests, signal);
      return requests[0]?.stage === "generate" ? outcomes.map(counted) : outcomes;
    },
  };
  return { ...context, inference: gated };
}

/** Every judge's question is asked, however often it was before. */
function withoutMemo(context: StageContext): StageContext {
  const { journal } = context;
  let asked = 0;
  const forgetful: Journal = {
    ...journal,
    step(name, inputs, schema, work) {
      if (!name.startsWith("sample/judge-")) return journal.step(name, inputs, schema, work);
      asked += 1;
      return journal.step(name, { inputs, asked }, schema, work);
    },
  };
  return { ...context, journal: forgetful };
}
