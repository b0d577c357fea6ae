import type { Agent } from "undici";
import { RepairError } from "../../domain/errors.ts";
import type { Role } from "../../domain/transcript.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Logger } from "../../ports/logger.ts";
import { createBreaker, type CallEnd } from "./breaker.ts";
import { describeEndpoint, type Endpoint } from "./endpoint.ts";
import { createSampleMemory } from "./sample-memory.ts";
import { createSequenceQueue, type Seats, type SeatsWanted } from "./sequence-queue.ts";
import { isHealthy } from "./server-health.ts";
import { waitForServer, type Changes, type Server } from "./wait-for-server.ts";

export type { CallEnd };

export type ServerWanted = SeatsWanted & {
  /** Sample of the same run, `stage/index/attempt`, whose conversation the call goes on with. */
  readonly continues: string | null;
  /** The server that has just failed. */
  readonly avoid: Endpoint | null;
};

/** A server for one call. Whoever takes it says once how it ended, and releases all seats. */
export type Taken = {
  readonly endpoint: Endpoint;
  readonly seats: Seats;
  ended(result: CallEnd): void;
};

/** The servers of one role. */
export type Replicas = {
  /**
   * A server for `sequences` new sequences with their seats: the one that answered `continues`, else the least busy one
   * whose breaker lets calls through, not `avoid` if there is another. Throws RepairError `inference-unreachable` when
   * none of them is there for the whole patience, `cancelled` when `signal` aborts.
   */
  take(want: ServerWanted, signal: AbortSignal): Promise<Taken>;
  /** Remembers who answered a sample (`stage/index/attempt`), for calls that continue it. */
  served(run: string, sample: string, endpoint: Endpoint): void;
  readonly model: string;
};

export type ReplicaOptions = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly dispatcher: Agent;
  /** Sequences that one server works on at a time, whatever their roles. */
  readonly concurrency: number;
  /** Milliseconds for which calls wait while no server of their role is there. */
  readonly patienceMs: number;
};

/** Every role's servers, at least one each; endpoints are normalized. The same base URL is the same server. */
export function createReplicas(
  endpoints: Readonly<Record<Role, readonly Endpoint[]>>,
  options: ReplicaOptions,
): Readonly<Record<Role, Replicas>> {
  const changes: Changes = { listeners: new Set() };
  const servers = new Map<string, Server>();
  for (const endpoint of Object.values(endpoints).flat()) {
    if (!servers.has(endpoint.baseUrl))
      servers.set(endpoint.baseUrl, createServer(endpoint, changes, options));
  }
  const ofRole = (role: Role): Replicas =>
    createRoleReplicas(role, endpoints[role], servers, changes, options);
  return {
    "loc-gen": ofRole("loc-gen"),
    "val-assert": ofRole("val-assert"),
    "val-no-assert": ofRole("val-no-assert"),
  };
}

function createServer(endpoint: Endpoint, changes: Changes, options: ReplicaOptions): Server {
  const { clock, logger, dispatcher, concurrency } = options;
  const server = endpoint.baseUrl;
  const breaker = createBreaker({
    clock,
    isHealthy: () => isHealthy(endpoint, dispatcher),
    onChange(state) {
      if (state === "open") logger.warn({ server }, "inference server is left alone until it is healthy");
      if (state === "closed") logger.info({ server }, "inference server answers again");
      for (const listener of changes.listeners) listener();
    },
  });
  return { queue: createSequenceQueue(concurrency), breaker };
}

function createRoleReplicas(
  role: Role,
  endpoints: readonly Endpoint[],
  servers: ReadonlyMap<string, Server>,
  changes: Changes,
  { clock, patienceMs }: ReplicaOptions,
): Replicas {
  const [first] = endpoints;
  if (first === undefined) throw new RepairError("config-invalid", `no server is named for ${role}`);
  const replicas = new Map<Endpoint, Server>();
  for (const endpoint of endpoints) {
    const server = servers.get(endpoint.baseUrl);
    const isKnown = [...replicas.keys()].some(({ baseUrl }) => baseUrl === endpoint.baseUrl);
    if (server !== undefined && !isKnown) replicas.set(endpoint, server);
  }
  const servedBy = createSampleMemory();

  /** Who may get the call now, the least busy first. */
  function choices(want: ServerWanted): readonly Endpoint[] {
    const { run, continues, avoid } = want;
    const passable = [...replicas].filter(([, { breaker }]) => breaker.isPassable());
    const others = passable.filter(([{ baseUrl }]) => baseUrl !== avoid?.baseUrl);
    const holder = continues === null ? undefined : servedBy.of(run, continues);
    const holding = others.filter(([{ baseUrl }]) => baseUrl === holder);
    const allowed = holding.length > 0 ? holding : others.length > 0 ? others : passable;
    return allowed.toSorted(([, a], [, b]) => a.queue.busy() - b.queue.busy()).map(([endpoint]) => endpoint);
  }

  return {
    model: first.model,
    served: (run, sample, { baseUrl }) => servedBy.note(run, sample, baseUrl),
    async take(want, signal) {
      const unreachable = (): RepairError =>
        new RepairError(
          "inference-unreachable",
          `${endpoints.map(describeEndpoint).join(", ")}: no call was answered, and neither is a health check`,
        );
      const { endpoint, seats, pass } = await waitForServer(
        { replicas, changes, clock, patienceMs, choices: () => choices(want), unreachable },
        want,
        signal,
      );
      return { endpoint, seats, ended: (result) => pass.ended(result) };
    },
  };
}
