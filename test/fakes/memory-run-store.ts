import { RepairError } from "../../src/domain/errors.ts";
import { issueKey } from "../../src/domain/issue.ts";
import { limitHit } from "../../src/domain/limits.ts";
import { nextRun } from "../../src/domain/next-run.ts";
import {
  causeOf,
  costlyKinds,
  isLive,
  runKinds,
  transition,
  type Interruption,
  type RepairRun,
  type RunEvent,
} from "../../src/domain/run.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Job } from "../../src/ports/job-queue.ts";
import type { Claim, RunStore } from "../../src/ports/run-store.ts";
import { createMemoryDeliveries } from "./memory-deliveries.ts";
import { createMemoryDuties } from "./memory-duties.ts";
import { createFixedClock } from "./fixed-clock.ts";
import { loadOf, openPullRequests, placed, repositoryOf, type Entry } from "./memory-run-entry.ts";

type Options = { readonly clock?: Clock; readonly leaseMs?: number };

/** A run store in memory. `steps` holds journals, which outlive claims as they do on disk. */
export type MemoryRunStore = RunStore & {
  readonly steps: Map<string, string>;
  holds(claim: Claim): boolean;
  /** The pull request that the run has opened. */
  opened(id: string): number | null;
};

export function createMemoryRunStore(
  queue: { put(job: Job): void; clear(): void },
  { clock = createFixedClock(), leaseMs = 30_000 }: Options = {},
): MemoryRunStore {
  const { requeue, ...deliveries } = createMemoryDeliveries(queue);
  const entries: Entry[] = [];
  let recovered = false;
  const find = (id: string) => entries.find(({ run }) => run.id === id);

  function held(claim: Claim): Entry | null {
    const entry = find(claim.run.id);
    return entry?.owner === claim.owner && entry.fence === claim.fence ? entry : null;
  }

  const lost = (claim: Claim): RepairError =>
    new RepairError("lease-lost", `${claim.owner} no longer holds ${claim.run.id}.`);

  function move(entry: Entry, event: RunEvent): RepairRun | null {
    const state = transition(entry.run.state, event);
    if (state === null) return null;
    const wasRunning = entry.run.state.at === "running";
    entry.run = structuredClone({ ...entry.run, state });
    entry.history.push({ time: clock.now(), cause: causeOf(event), state });
    if (state.at !== "running") entry.owner = null;
    entry.changedAt = clock.now();
    entry.notBefore = (state.at === "queued" && entry.orders.cancel === null && state.postponed?.until) || 0;
    if (state.at === "proposed") open(entry, state.pullRequest);
    if (wasRunning && state.at !== "running") {
      queue.put({ kind: "run", id: entry.orders.cancel?.successor ?? entry.run.id });
    }
    return entry.run;
  }

  function open(entry: Entry, number: number): void {
    if (entry.pullRequest?.number === number) return;
    const others = entries.filter(
      ({ run }) => repositoryOf(run.issue.ref) === repositoryOf(entry.run.issue.ref),
    );
    const times = others.flatMap(({ pullRequest }) =>
      pullRequest?.number === number ? (pullRequest.at ?? []) : [],
    );
    entry.pullRequest = { number, open: true, at: times.length === 0 ? null : Math.max(...times) };
  }

  function makingWay({ orders: { cancel } }: Entry): RunEvent | null {
    if (cancel === null || cancel.successor === null) return null;
    const { by, successor } = cancel;
    return { kind: "ended", state: { at: "cancelled", by, successor } };
  }

  function interrupt(entry: Entry, why: Interruption): void {
    const end = makingWay(entry);
    if (end !== null) {
      move(entry, end);
      return;
    }
    if (why !== "shutdown") entry.crashes += 1;
    move(entry, { kind: "interrupted", why });
  }

  const order = async (runId: string, by: string, needsWork: boolean, give: (entry: Entry) => void) => {
    const entry = find(runId);
    if (entry === undefined || !isLive(entry.run.state)) return null;
    if (entry.run.state.at === "queued" && !(needsWork && entry.startedAt !== null)) {
      move(entry, { kind: "ended", state: { at: "cancelled", by } });
      return "cancelled" as const;
    }
    give(entry);
    entry.notBefore = 0;
    queue.put({ kind: "run", id: runId });
    return "requested" as const;
  };

  return {
    steps: new Map(),
    holds: (claim) => {
      const entry = held(claim);
      if (entry !== null) Object.assign(entry, { crashes: 0, postponements: 0 });
      return entry !== null;
    },
    opened: (id) => find(id)?.pullRequest?.number ?? null,

    ...deliveries,
    ...createMemoryDuties(clock),

    async request(request, policy) {
      const { kind, issue, trigger } = request;
      const ofIssue = entries.filter(({ run }) => issueKey(run.issue.ref) === issueKey(issue.ref));
      const same = ofIssue.find(({ run }) => run.trigger.delivery === trigger.delivery);
      if (same !== undefined) return { kind: "already-live", run: same.run };
      const live = ofIssue.filter(({ run }) => isLive(run.state)).toReversed();
      const [latest] = live;
      if (latest !== undefined && policy.newer === "refuse") return { kind: "already-live", run: latest.run };
      const hit = costlyKinds.includes(kind)
        ? limitHit(policy.limits, loadOf(entries, issue.ref, clock.now()), kind)
        : null;
      if (hit !== null) return { kind: "limited", hit };
      const id = `run-${entries.length + 1}`;
      const superseded = live.map(({ run }) => run);
      for (const entry of live) {
        if (entry.run.state.at === "running") {
          entry.orders = { ...entry.orders, cancel: { by: trigger.sender, successor: id } };
        } else {
          const state = { at: "cancelled", by: trigger.sender, successor: id } as const;
          move(entry, { kind: "ended", state });
        }
      }
      const state = { at: "queued" } as const;
      const run = structuredClone({ ...request, id, attempt: ofIssue.length + 1, state });
      entries.push({
        run,
        sequence: entries.length,
        priority: policy.priority,
        atOnce: Number.isFinite(policy.limits.repositoryRuns) ? policy.limits.repositoryRuns : null,
        created: clock.now(),
        changedAt: clock.now(),
        notBefore: 0,
        history: [{ time: clock.now(), cause: `requested by ${trigger.sender} (${trigger.kind})`, state }],
        owner: null,
        fence: 0,
        leaseUntil: 0,
        orders: { cancel: null, stop: null },
        crashes: 0,
        postponements: 0,
        startedAt: null,
        claimedAt: null,
        tokens: 0,
        pullRequest: null,
      });
      queue.put({ kind: "run", id });
      return { kind: "created", run, superseded };
    },

    async run(id) {
      return find(id)?.run ?? null;
    },
    async recent(limit) {
      return entries
        .map(({ run }) => run)
        .toReversed()
        .slice(0, limit);
    },
    async live(issue) {
      const runs = entries.map(({ run }) => run);
      return runs
        .filter(({ issue: { ref }, state }) => issueKey(ref) === issueKey(issue) && isLive(state))
        .toSorted((a, b) => (a.state.at < b.state.at ? 1 : -1));
    },
    async latest(issue) {
      const ofIssue = entries.filter(({ run }) => issueKey(run.issue.ref) === issueKey(issue));
      return ofIssue.at(-1)?.run ?? null;
    },
    openPullRequests: async (limit) => openPullRequests(entries).slice(0, limit),
    async transitions(id) {
      return find(id)?.history ?? [];
    },
    async position(id) {
      const entry = find(id);
      if (entry?.run.state.at !== "queued") return null;
      const queued = entries.filter(({ run }) => run.state.at === "queued");
      const isAhead = (other: Entry): boolean =>
        other.priority > entry.priority ||
        (other.priority === entry.priority && other.sequence < entry.sequence);
      return queued.filter(isAhead).length;
    },
    async counts() {
      const live = entries.map(({ run }) => run);
      return runKinds.flatMap((kind) =>
        (["queued", "running"] as const).flatMap((at) => {
          const runs = live.filter((run) => run.kind === kind && run.state.at === at).length;
          return runs === 0 ? [] : [{ kind, at, runs }];
        }),
      );
    },

    async claim(owner, limits) {
      const now = clock.now();
      const due = entries.filter(
        ({ run: { state }, notBefore }) => state.at === "queued" && notBefore <= now,
      );
      const working = entries.filter(({ run }) => run.state.at === "running").map(placed);
      const served = new Map<number, number>();
      for (const { run, claimedAt } of entries) {
        if (claimedAt === null) continue;
        served.set(run.installation, Math.max(claimedAt, served.get(run.installation) ?? 0));
      }
      const id = nextRun(due.map(placed), { working, served }, limits);
      const entry = id === null ? undefined : find(id);
      if (entry === undefined) return null;
      entry.startedAt = (entry.startedAt ?? now) + (entry.startedAt === null ? 0 : now - entry.changedAt);
      const run = move(entry, { kind: "claimed", owner });
      if (run === null) return null;
      entry.owner = owner;
      entry.fence += 1;
      entry.leaseUntil = now + leaseMs;
      entry.claimedAt = now;
      const { fence, orders, crashes, postponements, startedAt } = entry;
      return { run, owner, fence, orders, crashes, postponements, startedAt };
    },

    async heartbeat(claim, tokens = 0) {
      const entry = held(claim);
      if (entry === null) throw lost(claim);
      entry.tokens = Math.max(entry.tokens, tokens);
      entry.leaseUntil = clock.now() + leaseMs;
      return entry.orders;
    },

    async advance(claim, event, tokens) {
      const entry = held(claim);
      if (entry === null) throw lost(claim);
      entry.tokens = Math.max(entry.tokens, tokens ?? 0);
      if (event.kind === "postponed") entry.postponements += 1;
      const end = event.kind === "postponed" ? makingWay(entry) : null;
      const run = move(entry, end ?? structuredClone(event));
      if (run === null) throw lost(claim);
      return run;
    },

    async release(claim) {
      const entry = held(claim);
      if (entry !== null) interrupt(entry, "shutdown");
    },

    requestCancel: (runId, by) =>
      order(runId, by, false, (entry) => {
        entry.orders = { ...entry.orders, cancel: entry.orders.cancel ?? { by, successor: null } };
      }),
    requestStop: (runId, by) =>
      order(runId, by, true, (entry) => {
        entry.orders = { ...entry.orders, stop: entry.orders.stop ?? by };
      }),

    async noteOpened(claim, number) {
      const entry = held(claim);
      if (entry === null) throw lost(claim);
      open(entry, number);
    },
    async notePullRequest(repo, number, open, at) {
      for (const entry of entries) {
        const { pullRequest } = entry;
        if (repositoryOf(entry.run.issue.ref) !== repositoryOf({ repo }) || pullRequest?.number !== number)
          continue;
        if (at !== undefined && at < (pullRequest.at ?? at)) continue;
        Object.assign(pullRequest, { open, at: at ?? pullRequest.at });
      }
    },

    async recover() {
      const starting = !recovered;
      recovered = true;
      if (starting) queue.clear();
      const now = clock.now();
      const dead = entries.filter(
        ({ run, leaseUntil }) => run.state.at === "running" && (starting || leaseUntil < now),
      );
      const waiting = entries.filter(({ run }) => run.state.at === "queued");
      for (const entry of dead) interrupt(entry, starting ? "process-ended" : "lease-expired");
      if (starting) {
        for (const { run } of waiting) queue.put({ kind: "run", id: run.id });
        requeue();
      }
      return dead.length;
    },
  };
}
