import { setMaxListeners } from "node:events";
import { Agent } from "undici";
import { roles } from "../../domain/transcript.ts";
import type { Role } from "../../domain/transcript.ts";
import type { Clock } from "../../ports/clock.ts";
import type { InferenceClient, SampleOutcome, SampleRequest } from "../../ports/inference-client.ts";
import type { Logger } from "../../ports/logger.ts";
import { noAdapters, type Adapters } from "./adapters.ts";
import { createAffinity } from "./affinity.ts";
import { unlessCancelled } from "./cancellation.ts";
import { createCapabilities } from "./capabilities.ts";
import { checkEndpoint, windowOf } from "./endpoint-checks.ts";
import { defaultTimeouts, normalizeEndpoint } from "./endpoint.ts";
import type { Endpoint, Timeouts } from "./endpoint.ts";
import { createModelNames } from "./model-names.ts";
import { pendingSample } from "./pending-sample.ts";
import { createPulses } from "./pulses.ts";
import { createReplicas } from "./replicas.ts";
import { defaultRetries } from "./retries.ts";
import type { Retries } from "./retries.ts";
import { createRetryBudget } from "./retry-budget.ts";
import type { ServeDeps } from "./serve-deps.ts";
import { serveSamples } from "./serve-samples.ts";
import { weightsOf } from "./served-weights.ts";
import { createTokenEstimates } from "./token-estimates.ts";

export type OpenAiClientOptions = {
  /** The servers of each role, at least one. */
  readonly endpoints: Readonly<Record<Role, readonly Endpoint[]>>;
  /** Sequences that one server works on at a time; further samples wait here. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timeouts?: Partial<Timeouts>;
  readonly retries?: Partial<Retries>;
  /** Header naming the sample as `stage/index/attempt`; real servers ignore it, recordings are chosen by it. */
  readonly sampleHeader?: string;
  /** Header by which a router in front of several servers keeps prefixes together (see `Affinity`); null: none. */
  readonly affinityHeader?: string | null;
  /** Names of adapters by role and repository, the latter as `owner/name` in small letters. */
  readonly adapters?: Adapters;
};

/**
 * An InferenceClient for any OpenAI-compatible server. Time, retries and limits are decided here, not in the SDK.
 * Throws RepairError `config-invalid` when an endpoint's URL cannot be used.
 */
export function createOpenAiClient(options: OpenAiClientOptions): InferenceClient {
  const endpoints: Record<Role, readonly Endpoint[]> = {
    "loc-gen": options.endpoints["loc-gen"].map(normalizeEndpoint),
    "val-assert": options.endpoints["val-assert"].map(normalizeEndpoint),
    "val-no-assert": options.endpoints["val-no-assert"].map(normalizeEndpoint),
  };
  const { clock, logger, concurrency } = options;
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const retries = { ...defaultRetries, ...options.retries };
  // A keep-alive shorter than the servers' 5 s, or requests meet a closing socket.
  const dispatcher = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 4_000,
    connect: { timeout: timeouts.connectMs },
  });
  const shared: Shared = {
    clock,
    logger,
    dispatcher,
    timeouts,
    retries,
    retryBudget: createRetryBudget(retries.floor),
    replicas: createReplicas(endpoints, {
      clock,
      logger,
      dispatcher,
      concurrency,
      patienceMs: timeouts.awayMs,
    }),
    capabilities: createCapabilities({ clock, dispatcher }),
    modelNames: createModelNames(logger),
    groupLimits: new Map(),
    affinity: createAffinity(),
    pulses: createPulses({ clock, dispatcher, timeouts }),
    estimates: createTokenEstimates(),
    headerNames: {
      sampleHeader: options.sampleHeader ?? "x-copatcher-sample",
      affinityHeader: options.affinityHeader ?? null,
    },
    endpoints,
    adapters: options.adapters ?? noAdapters,
  };
  return clientFor(shared, null);
}

/** What the clients of all repositories have in common. */
type Shared = Omit<ServeDeps, "modelOf"> & {
  readonly endpoints: Readonly<Record<Role, readonly Endpoint[]>>;
  readonly adapters: Adapters;
};

/** `repository`: as `owner/name`, null for none in particular. */
function clientFor(shared: Shared, repository: string | null): InferenceClient {
  const { endpoints, dispatcher, adapters, replicas } = shared;
  const modelOf = (role: Role): string =>
    (repository === null ? undefined : adapters[role].get(repository.toLowerCase())) ?? replicas[role].model;
  const deps: ServeDeps = { ...shared, modelOf };

  function sampleMany(
    requests: readonly SampleRequest[],
    signal: AbortSignal,
  ): readonly Promise<SampleOutcome>[] {
    // A run's signal serves all its samples at once; Node would take its many listeners for a leak.
    setMaxListeners(0, signal);
    const members = requests.map((request) => pendingSample(request, signal));
    void serveSamples(deps, members, signal);
    return members.map(({ outcome }) => outcome);
  }

  return {
    async sample(request, signal) {
      const [outcome] = await Promise.all(sampleMany([request], signal));
      if (outcome === undefined) throw new Error("one request has one outcome");
      return outcome;
    },
    sampleMany,
    window: (role, signal) => unlessCancelled(signal, () => windowOf(endpoints[role], dispatcher, signal)),
    model: modelOf,
    weights: (role, signal) => {
      const model = modelOf(role);
      const served = endpoints[role].map((endpoint) => ({ ...endpoint, model }));
      return unlessCancelled(signal, () => weightsOf(served, dispatcher, signal));
    },
    check: (signal) =>
      unlessCancelled(signal, () =>
        Promise.all(
          roles.flatMap((role) =>
            endpoints[role].map((endpoint) => checkEndpoint(role, endpoint, dispatcher, signal)),
          ),
        ),
      ),
    forRepository: (name) => clientFor(shared, name),
  };
}
