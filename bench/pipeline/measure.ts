import type { StageContext } from "../../src/pipeline/stage-context.ts";
import type { Deployment } from "./deployments.ts";
import { idealAll } from "./ideal.ts";
import { idleOf, meanIdle, type Idle } from "./idle.ts";
import { repairAll } from "./ours.ts";
import { referenceAll } from "./reference.ts";
import { gapOf, meanStages, stagesOf, type Stages } from "./stages.ts";
import { allTokens, meanTokens, tokensFor, type TokensFor } from "./tokens.ts";
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
  readonly busyByGpu: Readonly<Record<string, number>>;
  readonly idleByGpu: Readonly<Record<string, Idle>>;
  readonly tokens: TokensFor;
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
  /** The same for each token that was generated: issues are drawn with more of them than the plan counts with. */
  readonly gpuOverPlanPerToken: number;
  readonly gpuBusy: number;
  /** Of each GPU, by the names of its engines. */
  readonly busyByGpu: Readonly<Record<string, number>>;
  readonly idleByGpu: Readonly<Record<string, Idle>>;
  /** Less than 1 also here: the engines of one role cannot do the work of another. */
  readonly idealGpuBusy: number;
  readonly idealGpuSecondsPerIssue: number;
  readonly referenceGpuSecondsPerIssue: number;
  /** Of an issue. */
  readonly tokens: TokensFor;
  readonly idealTokens: TokensFor;
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
  const gpuOverPlan = ours.gpuSecondsPerIssue / planGpuSeconds;
  return {
    oursSeconds: ours.seconds,
    idealSeconds: ideal.seconds,
    referenceSeconds: reference.seconds,
    oursOverIdeal: ours.seconds / ideal.seconds,
    referenceOverOurs: reference.seconds / ours.seconds,
    gpuSecondsPerIssue: ours.gpuSecondsPerIssue,
    planGpuSeconds,
    gpuOverPlan,
    gpuOverPlanPerToken: (gpuOverPlan * (plan?.tokens ?? 0)) / allTokens(ours.tokens),
    gpuBusy: ours.gpuBusy,
    busyByGpu: ours.busyByGpu,
    idleByGpu: ours.idleByGpu,
    idealGpuBusy: ideal.gpuBusy,
    idealGpuSecondsPerIssue: ideal.gpuSecondsPerIssue,
    referenceGpuSecondsPerIssue: reference.gpuSecondsPerIssue,
    tokens: ours.tokens,
    idealTokens: ideal.tokens,
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
  const gpus = gpuSecondsOf(world, deployment);
  const gpuSeconds = [...gpus.values()].reduce((sum, one) => sum + one, 0);
  return {
    seconds,
    gpuSecondsPerIssue: gpuSeconds / issues,
    gpuBusy: gpuSeconds / (seconds * deployment.gpus),
    busyByGpu: Object.fromEntries([...gpus].map(([gpu, one]) => [gpu, one / seconds])),
    idleByGpu: Object.fromEntries(
      [...gpus.keys()].map((gpu) => [gpu, idleOf(world, enginesOn(deployment, gpu))]),
    ),
    tokens: tokensFor(world, issues),
    stages: issues === 1 ? stagesOf(world) : null,
  };
}

const gpuOf = ({ models }: Deployment, name: string): string => models[name]?.gpu ?? name;

const enginesOn = (deployment: Deployment, gpu: string): readonly string[] =>
  Object.keys(deployment.models).filter((name) => gpuOf(deployment, name) === gpu);

function gpuSecondsOf({ simulation }: World, deployment: Deployment): ReadonlyMap<string, number> {
  const engines = simulation.engines();
  const secondsOf = (gpu: string): number =>
    enginesOn(deployment, gpu).reduce((sum, name) => sum + (engines.get(name)?.counters().gpuMs ?? 0), 0) /
    1_000;
  const gpus = Object.keys(deployment.models).map((name) => gpuOf(deployment, name));
  return new Map(gpus.map((gpu) => [gpu, secondsOf(gpu)]));
}

function meanOf(all: readonly Measured[]): Measured {
  const mean = (of: (one: Measured) => number): number =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length;
  const stages = all.flatMap((one) => one.stages ?? []);
  const gpus = Object.keys(all[0]?.busyByGpu ?? {});
  return {
    seconds: mean(({ seconds }) => seconds),
    gpuSecondsPerIssue: mean(({ gpuSecondsPerIssue }) => gpuSecondsPerIssue),
    gpuBusy: mean(({ gpuBusy }) => gpuBusy),
    busyByGpu: Object.fromEntries(gpus.map((gpu) => [gpu, mean(({ busyByGpu }) => busyByGpu[gpu] ?? 0)])),
    idleByGpu: Object.fromEntries(
      gpus.map((gpu) => [gpu, meanIdle(all.flatMap(({ idleByGpu }) => idleByGpu[gpu] ?? []))]),
    ),
    tokens: meanTokens(all.map(({ tokens }) => tokens)),
    stages: stages.length === 0 ? null : meanStages(stages),
  };
}
