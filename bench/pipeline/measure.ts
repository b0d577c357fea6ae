import type { StageContext } from "../../src/pipeline/stage-context.ts";
import { idealAll } from "./ideal.ts";
import { repairAll } from "./ours.ts";
import { referenceAll } from "./reference.ts";
import { gapOf, meanStages, stagesOf, type Stages } from "./stages.ts";
import type { Executions } from "./workload/session.ts";
import { makeWorld, type Scenario, type Surroundings, type World } from "./world.ts";

export const modelSideOnly: Executions = { testSeconds: 0, pocSeconds: 0, slots: 8 };
export const withExecutions: Executions = { testSeconds: 60, pocSeconds: 8, slots: 8 };

export type Measured = {
  /** Until the last issue is done. */
  readonly seconds: number;
  readonly gpuSecondsPerIssue: number;
  /** Share of the GPUs' time. */
  readonly gpuBusy: number;
  readonly tokensPerIssue: number;
  /** Of worlds with one issue. */
  readonly stages: Stages | null;
};

export type Compared = {
  readonly oursSeconds: number;
  readonly idealSeconds: number;
  readonly referenceSeconds: number;
  readonly oursOverIdeal: number;
  readonly referenceOverOurs: number;
  readonly gpuSecondsPerIssue: number;
  readonly planGpuSeconds: number;
  readonly gpuOverPlan: number;
  readonly gpuBusy: number;
  /** Less than 1 also here: the engines of one role cannot do the work of another. */
  readonly idealGpuBusy: number;
  readonly referenceGpuSecondsPerIssue: number;
  /** Ours less the ideal; of one issue. */
  readonly gap: Stages | null;
};

/** Each scenario in a new world of its own, one after the other; figures are means. */
export async function measureOurs(
  surroundings: Surroundings,
  scenarios: readonly Scenario[],
  change?: (context: StageContext) => StageContext,
): Promise<Measured> {
  return meanOf(await inTurn(surroundings, scenarios, (world) => repairAll(world, change)));
}

/** Ours, the ideal and the reference on the same draws. */
export async function compare(surroundings: Surroundings, scenarios: readonly Scenario[]): Promise<Compared> {
  const ours = await measureOurs(surroundings, scenarios);
  const ideal = meanOf(
    await inTurn(surroundings, scenarios, (world, { executions }) => idealAll(world, executions.slots)),
  );
  const oneBox = scenarios.map((one) => ({ ...one, executions: { ...one.executions, slots: 1 } }));
  const reference = meanOf(await inTurn(surroundings, oneBox, referenceAll));
  const issues = scenarios[0]?.issues ?? 1;
  const plan = scenarios[0]?.deployment.plan;
  const planGpuSeconds = (issues === 1 ? null : plan?.loaded) ?? plan?.one ?? 0;
  return {
    oursSeconds: ours.seconds,
    idealSeconds: ideal.seconds,
    referenceSeconds: reference.seconds,
    oursOverIdeal: ours.seconds / ideal.seconds,
    referenceOverOurs: reference.seconds / ours.seconds,
    gpuSecondsPerIssue: ours.gpuSecondsPerIssue,
    planGpuSeconds,
    gpuOverPlan: ours.gpuSecondsPerIssue / planGpuSeconds,
    gpuBusy: ours.gpuBusy,
    idealGpuBusy: ideal.gpuBusy,
    referenceGpuSecondsPerIssue: reference.gpuSecondsPerIssue,
    gap: ours.stages === null || ideal.stages === null ? null : gapOf(ours.stages, ideal.stages),
  };
}

async function inTurn(
  surroundings: Surroundings,
  scenarios: readonly Scenario[],
  run: (world: World, scenario: Scenario) => Promise<unknown>,
): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  for (const scenario of scenarios) {
    const world = makeWorld(surroundings, scenario);
    await run(world, scenario);
    all.push(measured(world, scenario));
  }
  return all;
}

function measured(world: World, { issues, deployment }: Scenario): Measured {
  const seconds = world.clock.now() / 1_000;
  const counters = [...world.simulation.engines().values()].map((engine) => engine.counters());
  const gpuSeconds = counters.reduce((sum, { gpuMs }) => sum + gpuMs, 0) / 1_000;
  const tokens = counters.reduce((sum, { generatedTokens }) => sum + generatedTokens, 0);
  return {
    seconds,
    gpuSecondsPerIssue: gpuSeconds / issues,
    gpuBusy: gpuSeconds / (seconds * deployment.gpus),
    tokensPerIssue: tokens / issues,
    stages: issues === 1 ? stagesOf(world) : null,
  };
}

function meanOf(all: readonly Measured[]): Measured {
  const mean = (of: (one: Measured) => number): number =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length;
  const stages = all.flatMap((one) => one.stages ?? []);
  return {
    seconds: mean(({ seconds }) => seconds),
    gpuSecondsPerIssue: mean(({ gpuSecondsPerIssue }) => gpuSecondsPerIssue),
    gpuBusy: mean(({ gpuBusy }) => gpuBusy),
    tokensPerIssue: mean(({ tokensPerIssue }) => tokensPerIssue),
    stages: stages.length === 0 ? null : meanStages(stages),
  };
}
