import { setMaxListeners } from "node:events";
import pLimit from "p-limit";
import type { LimitFunction } from "p-limit";
import { Agent } from "undici";
import { asRepairError, RepairError } from "../../domain/errors.ts";
import { roles } from "../../domain/transcript.ts";
import type { Role } from "../../domain/transcript.ts";
import type { Clock } from "../../ports/clock.ts";
import type {
  EndpointCheck,
  InferenceClient,
  SampleOutcome,
  SampleRequest,
} from "../../ports/inference-client.ts";
import type { Logger } from "../../ports/logger.ts";
import { attemptSample } from "./attempt.ts";
import { cancelled, unlessCancelled } from "./cancellation.ts";
import { defaultTimeouts, describeEndpoint, normalizeEndpoint } from "./endpoint.ts";
import type { Endpoint, Timeouts } from "./endpoint.ts";
import type { AttemptFailure } from "./failure.ts";
import { backOffMs, defaultRetries, retriesLeft } from "./retries.ts";
import type { Retries } from "./retries.ts";
import { servedModels } from "./served-models.ts";

export type OpenAiClientOptions = {
  readonly endpoints: Readonly<Record<Role, Endpoint>>;
  /** Sequences that one server works on at a time; further samples wait here. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timeouts?: Partial<Timeouts>;
  readonly retries?: Partial<Retries>;
  /** Header naming the sample as `stage/index/attempt`; real servers ignore it, recordings are chosen by it. */
  readonly sampleHeader?: string;
};

type Deps = Required<Omit<OpenAiClientOptions, "endpoints" | "concurrency" | "timeouts" | "retries">> & {
  readonly dispatcher: Agent;
  readonly timeouts: Timeouts;
  readonly retries: Retries;
};

/**
 * An InferenceClient for any OpenAI-compatible server. Time, retries and limits are decided here, not in the SDK.
 * Throws RepairError `config-invalid` when an endpoint's URL cannot be used.
 */
export function createOpenAiClient(options: OpenAiClientOptions): InferenceClient {
  const endpoints: Record<Role, Endpoint> = {
    "loc-gen": normalizeEndpoint(options.endpoints["loc-gen"]),
    "val-assert": normalizeEndpoint(options.endpoints["val-assert"]),
    "val-no-assert": normalizeEndpoint(options.endpoints["val-no-assert"]),
  };
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const deps: Deps = {
    clock: options.clock,
    logger: options.logger,
    sampleHeader: options.sampleHeader ?? "x-copatcher-sample",
    timeouts,
    retries: { ...defaultRetries, ...options.retries },
    // A keep-alive shorter than the servers' 5 s, or requests meet a closing socket.
    dispatcher: new Agent({
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 4_000,
      connect: { timeout: timeouts.connectMs },
    }),
  };
  const limits = new Map<string, LimitFunction>();
  for (const { baseUrl } of Object.values(endpoints)) limits.set(baseUrl, pLimit(options.concurrency));

  const client: InferenceClient = {
    sample(request, signal) {
      // A run's signal serves all its samples at once; Node would take its many listeners for a leak.
      setMaxListeners(0, signal);
      const endpoint = endpoints[request.role];
      const work = (): Promise<SampleOutcome> => sampleFrom(deps, endpoint, request, signal);
      return unlessCancelled(signal, () => limits.get(endpoint.baseUrl)?.(work) ?? work());
    },
    sampleMany: (requests, signal) => requests.map((request) => client.sample(request, signal)),
    window: (role, signal) => unlessCancelled(signal, () => windowOf(deps, endpoints[role], signal)),
    model: (role) => endpoints[role].model,
    check: (signal) =>
      unlessCancelled(signal, () =>
        Promise.all(roles.map((role) => checkRole(deps, role, endpoints[role], signal))),
      ),
  };
  return client;
}

async function sampleFrom(
  deps: Deps,
  endpoint: Endpoint,
  request: SampleRequest,
  signal: AbortSignal,
): Promise<SampleOutcome> {
  const { clock, timeouts, retries } = deps;
  const startedAt = clock.now();
  const endsAt = startedAt + timeouts.totalMs;
  for (let tried = 0; ; tried += 1) {
    if (signal.aborted) throw cancelled(signal);
    const remainingMs = endsAt - clock.now();
    const result = await attemptSample({ ...deps, endpoint, request, remainingMs }, signal);
    if (signal.aborted) throw cancelled(signal);
    if (result.kind === "answered") {
      const { answer } = result;
      const completion = answer.completion(request.messages, endpoint.model, clock.now() - startedAt);
      return { kind: "completed", completion };
    }
    const waitMs = backOffMs(result, tried, retries);
    const last = retriesLeft(result, tried, retries) <= 0 || clock.now() + waitMs >= endsAt;
    logAttempt(deps.logger, request, result, last);
    if (last) return outcomeOf(result, endpoint);
    await unlessCancelled(signal, () => clock.sleep(waitMs, signal));
  }
}

function outcomeOf(result: AttemptFailure, endpoint: Endpoint): SampleOutcome {
  if (result.kind === "failed") return { kind: "failed", failure: result.failure };
  const code = result.kind === "unreachable" ? "inference-unreachable" : "inference-misconfigured";
  throw new RepairError(code, `${describeEndpoint(endpoint)}: ${result.detail}`);
}

function logAttempt(logger: Logger, request: SampleRequest, result: AttemptFailure, last: boolean): void {
  const { role, stage, index, attempt } = request;
  const why = result.kind === "failed" ? result.failure : { reason: result.kind, detail: result.detail };
  logger[last ? "warn" : "debug"](
    { role, stage, index, attempt, ...why },
    last ? "model call failed" : "model call is tried again",
  );
}

async function windowOf(deps: Deps, endpoint: Endpoint, signal: AbortSignal): Promise<number | null> {
  const models = await servedModels(endpoint, deps.dispatcher, signal);
  const served =
    models.find(({ id }) => id === endpoint.model) ?? (models.length === 1 ? models[0] : undefined);
  return served?.window ?? null;
}

async function checkRole(
  deps: Deps,
  role: Role,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<EndpointCheck> {
  try {
    const models = await servedModels(endpoint, deps.dispatcher, signal);
    const served = models.find(({ id }) => id === endpoint.model);
    if (served !== undefined) {
      return {
        role,
        ok: true,
        detail: `${describeEndpoint(endpoint)}, window ${served.window ?? "unknown"}`,
      };
    }
    const names = models.map(({ id }) => id).slice(0, 5);
    return {
      role,
      ok: false,
      detail: `${describeEndpoint(endpoint)} is not served there; served: ${names.join(", ")}`,
    };
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    return { role, ok: false, detail: asRepairError(error).message };
  }
}
