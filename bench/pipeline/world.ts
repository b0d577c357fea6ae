import { fileURLToPath } from "node:url";
import { loadPromptBook } from "../../src/adapters/files/prompt-book.ts";
import { createMemoryJournal } from "../../src/adapters/memory/journal.ts";
import { noRecord } from "../../src/adapters/memory/no-record.ts";
import { canonicalJson, sha256 } from "../../src/domain/canonical-json.ts";
import { plainEnvironment } from "../../src/domain/environment.ts";
import { profiles, RepoSettings } from "../../src/domain/settings.ts";
import type { Language } from "../../src/languages/language.ts";
import { createPython } from "../../src/languages/python/python.ts";
import { createBudget, defaultBudget } from "../../src/pipeline/budget.ts";
import { defaultSchedule, type StageContext } from "../../src/pipeline/stage-context.ts";
import { createUsageMeter } from "../../src/pipeline/usage-meter.ts";
import type { InferenceClient } from "../../src/ports/inference-client.ts";
import type { Journal } from "../../src/ports/journal.ts";
import type { Logger } from "../../src/ports/logger.ts";
import type { PromptBook } from "../../src/ports/prompt-book.ts";
import type { Checkout } from "../../src/ports/workspace.ts";
import { sharedEnvironments } from "../../src/runs/candidate-environments.ts";
import { createSimulatedClient } from "../../src/simulator/client.ts";
import { createVirtualClock, type VirtualClock } from "../../src/simulator/clock/virtual-clock.ts";
import { createSimulation, type Simulation } from "../../src/simulator/simulation.ts";
import type { Deployment } from "./deployments.ts";
import { scriptOf, titleOf, type Distinctness } from "./workload/answers.ts";
import { createDraws, type Draws } from "./workload/draws.ts";
import { makeCheckout, suspects } from "./workload/repository.ts";
import { createSession, type BenchSession, type Executions } from "./workload/session.ts";

/** What all measurements share; made once. */
export type Surroundings = {
  readonly checkout: Checkout;
  readonly language: Language;
  readonly prompts: PromptBook;
};

export async function makeSurroundings(): Promise<Surroundings> {
  const folder = fileURLToPath(new URL("../../prompts", import.meta.url));
  return {
    checkout: makeCheckout(),
    language: await createPython(),
    prompts: await loadPromptBook(folder),
  };
}

export type Scenario = {
  readonly deployment: Deployment;
  readonly issues: number;
  readonly executions: Executions;
  readonly seed: number;
  /** Samples in one request at most. */
  readonly groupSize?: number;
  readonly distinct?: Distinctness;
};

/** One issue: its draws, its sandbox, and all that a stage of the product is handed. */
export type Frame = { readonly draws: Draws; readonly session: BenchSession; readonly context: StageContext };

/** One simulated deployment in its own virtual time, with the issues that come to it at time 0. */
export type World = {
  readonly clock: VirtualClock;
  readonly simulation: Simulation;
  readonly client: InferenceClient;
  readonly frames: readonly Frame[];
};

export function makeWorld(surroundings: Surroundings, scenario: Scenario): World {
  const { deployment, issues, seed, distinct = "as-drawn", groupSize } = scenario;
  const clock = createVirtualClock(0);
  const draws = Array.from({ length: issues }, (_, issue) => createDraws(seed, issue));
  const script = scriptOf((issue) => draws[issue] ?? createDraws(seed, issue), distinct);
  const simulation = createSimulation({ timeline: clock, script, models: deployment.models });
  const client = createSimulatedClient({
    simulation,
    models: deployment.roles,
    ...(groupSize === undefined ? {} : { groupSize }),
  });
  const frames = draws.map((one, issue): Frame => {
    const session = createSession(clock, one, scenario.executions);
    return { draws: one, session, context: contextOf(surroundings, issue, client, session) };
  });
  return { clock, simulation, client, frames };
}

/** All that the pipeline is handed for one issue. */
export const contextOf = (
  surroundings: Surroundings,
  issue: number,
  inference: InferenceClient,
  sandbox: BenchSession,
): StageContext => {
  const usage = createUsageMeter();
  return {
    ...surroundings,
    runId: `issue-${issue}`,
    seedRun: `issue-${issue}`,
    within: null,
    problem: problemOf(issue),
    inference,
    sandbox,
    environment: plainEnvironment,
    environments: sharedEnvironments,
    isolation: "nothing is executed",
    journal: hashed(createMemoryJournal()),
    record: noRecord,
    profile: profiles.paper,
    critiqueRounds: 1,
    feedbackTurns: 2,
    rankingMethod: "lexicographic",
    schedule: defaultSchedule,
    settings: RepoSettings.parse({}),
    usage,
    budget: createBudget(usage, defaultBudget),
    progress: () => {},
    logger: silent,
    signal: new AbortController().signal,
    stop: new AbortController().signal,
  };
};

/** Keeps hashes of inputs, as the journal in the database does, and not whole prompts. */
const hashed = (journal: Journal): Journal => ({
  ...journal,
  step: (name, inputs, schema, work) => journal.step(name, sha256(canonicalJson(inputs)), schema, work),
});

export const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Some 700 tokens. */
const problemOf = (issue: number): string =>
  `${titleOf(issue)}\n\n${Array.from(
    { length: 24 },
    (_, at) => `${at}. With order ${issue}-${at} the rate of ${suspects[at % 5]} is too high by a little.`,
  ).join("\n")}`;
