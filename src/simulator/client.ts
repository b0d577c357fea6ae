import { setMaxListeners } from "node:events";
import { roles } from "../domain/transcript.ts";
import type {
  InferenceClient,
  SampleFailure,
  SampleOutcome,
  SampleRequest,
} from "../ports/inference-client.ts";
import { attemptGroup, failed, throwIfCancelled } from "./client-attempt.ts";
import type { GenerationCall } from "./generation.ts";
import { createReplicas, type RoleModels } from "./replicas.ts";
import type { Simulation } from "./simulation.ts";

export type SimulatedClientOptions = {
  readonly simulation: Simulation;
  readonly models: RoleModels;
  /** How many samples of one question a request asks for at most; 1 as for servers without `n`. */
  readonly groupSize?: number;
};

/** How often a call is tried that meets a passing fault, as the client against a real server does. */
const tries = 4;

/**
 * An InferenceClient on simulated engines, in process and in their time. A call that no rule fits throws RepairError
 * `inference-misconfigured`: the script is wrong, and going on would hide it. (A missing recording is a failed sample.)
 */
export function createSimulatedClient(options: SimulatedClientOptions): InferenceClient {
  const { simulation, models, groupSize = 12 } = options;
  const replicas = createReplicas(models);

  /** One request to one server. */
  const send = (group: readonly SampleRequest[], signal: AbortSignal): readonly Promise<SampleOutcome>[] => {
    const [first] = group;
    if (first === undefined) return [];
    const model = replicas.choose(first);
    for (const request of group) replicas.began(model, request);
    const outcomes = attemptGroup(simulation, callOf(model, first, group.length), signal);
    return outcomes.map((outcome) => outcome.finally(() => replicas.ended(model)));
  };
  /** What becomes of a sample whose first try is under way; later tries are requests of their own. */
  const settle = async (
    request: SampleRequest,
    firstTry: Promise<SampleOutcome> | null,
    signal: AbortSignal,
  ): Promise<SampleOutcome> => {
    throwIfCancelled(signal);
    let outcome = (await firstTry) ?? failed("server", "it was not asked for");
    for (let tried = 1; tried < tries && isPassing(outcome) && !signal.aborted; tried += 1)
      outcome = (await send([request], signal)[0]) ?? outcome;
    throwIfCancelled(signal);
    return outcome;
  };
  const ask = (group: readonly SampleRequest[], signal: AbortSignal): readonly Promise<SampleOutcome>[] => {
    // A run's signal serves all its samples at once; Node would take its many listeners for a leak.
    setMaxListeners(0, signal);
    const firstTries = signal.aborted ? [] : send(group, signal);
    return group.map((request, at) => settle(request, firstTries[at] ?? null, signal));
  };

  return {
    sample: async (request, signal) => (await ask([request], signal)[0]) ?? failed("server", "no answer"),
    sampleMany: (requests, signal) => groupsOf(requests, groupSize).flatMap((group) => ask(group, signal)),
    async window(role, signal) {
      throwIfCancelled(signal);
      return simulation.engine(models[role][0])?.parameters.window ?? null;
    },
    model: (role) => models[role][0],
    async check(signal) {
      throwIfCancelled(signal);
      return roles.map((role) => {
        const ok = models[role].every((model) => simulation.engine(model) !== null);
        return { role, ok, detail: `${ok ? "simulated" : "not simulated"}: ${models[role].join(", ")}` };
      });
    },
  };
}

/** Neighbours only: choice i of a request has the index and the seed of its first plus i. */
function groupsOf(
  requests: readonly SampleRequest[],
  groupSize: number,
): readonly (readonly SampleRequest[])[] {
  const groups: SampleRequest[][] = [];
  for (const request of requests) {
    const group = groups.at(-1);
    const isNext = group?.at(-1)?.index === request.index - 1;
    if (group !== undefined && isNext && group.length < groupSize) group.push(request);
    else groups.push([request]);
  }
  return groups;
}

const callOf = (model: string, request: SampleRequest, n: number): GenerationCall => ({
  model,
  sample: { stage: request.stage, index: request.index, attempt: request.attempt },
  messages: request.messages,
  n,
  maxTokens: request.maxTokens,
  temperature: request.temperature,
  seed: request.seed,
  priority: request.priority,
  stop: [],
  cacheSalt: "",
});

const passing: ReadonlySet<SampleFailure["reason"]> = new Set([
  "protocol",
  "transport",
  "server",
  "overload",
  "deadline",
]);

const isPassing = (outcome: SampleOutcome): boolean =>
  outcome.kind === "failed" && passing.has(outcome.failure.reason);
