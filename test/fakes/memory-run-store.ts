import { RepairError } from "../../src/domain/errors.ts";
import { issueKey } from "../../src/domain/issue.ts";
import { isLive, type RepairRun, type RunState } from "../../src/domain/run.ts";
import type { Job } from "../../src/ports/job-queue.ts";
import type { Claim, Delivery, RunStore } from "../../src/ports/run-store.ts";

type Entry = { run: RepairRun; owner: string | null; fence: number; cancelBy: string | null };

/** A run store in memory. `steps` holds journals, which outlive claims as they do on disk. */
export type MemoryRunStore = RunStore & {
  readonly steps: Map<string, string>;
  holds(claim: Claim): boolean;
};

export function createMemoryRunStore(queue: { put(job: Job): void; clear(): void }): MemoryRunStore {
  const deliveries = new Map<string, { readonly delivery: Delivery; handled: boolean }>();
  const entries: Entry[] = [];
  const find = (id: string) => entries.find(({ run }) => run.id === id);

  function held(claim: Claim): Entry | null {
    const entry = find(claim.run.id);
    return entry?.owner === claim.owner && entry.fence === claim.fence ? entry : null;
  }

  function move(entry: Entry, state: RunState): RepairRun {
    entry.run = { ...entry.run, state };
    if (state.at !== "running") entry.owner = null;
    if (state.at === "queued") queue.put({ kind: "run", id: entry.run.id });
    return entry.run;
  }

  const interrupt = (entry: Entry) =>
    move(entry, entry.cancelBy === null ? { at: "queued" } : { at: "cancelled", by: entry.cancelBy });

  return {
    steps: new Map(),
    holds: (claim) => held(claim) !== null,

    async receive(delivery) {
      if (deliveries.has(delivery.id)) return "duplicate";
      deliveries.set(delivery.id, { delivery: structuredClone(delivery), handled: false });
      queue.put({ kind: "delivery", id: delivery.id });
      return "stored";
    },

    async delivery(id) {
      return deliveries.get(id)?.delivery ?? null;
    },

    async finishDelivery(id) {
      const entry = deliveries.get(id);
      if (entry !== undefined) entry.handled = true;
    },

    async request({ kind, installation, issue, trigger }) {
      const ofIssue = entries.filter(({ run }) => issueKey(run.issue.ref) === issueKey(issue.ref));
      const existing = ofIssue.find(
        ({ run }) => isLive(run.state) || run.trigger.delivery === trigger.delivery,
      );
      if (existing !== undefined) return { kind: "already-live", run: existing.run };
      const id = `run-${entries.length + 1}`;
      const attempt = ofIssue.length + 1;
      const run = structuredClone({
        kind,
        installation,
        issue,
        trigger,
        id,
        attempt,
        state: { at: "queued" } as const,
      });
      entries.push({ run, owner: null, fence: 0, cancelBy: null });
      queue.put({ kind: "run", id });
      return { kind: "created", run };
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

    async claim(runId, owner) {
      const entry = find(runId);
      if (entry?.run.state.at !== "queued") return null;
      entry.owner = owner;
      entry.fence++;
      return { run: move(entry, { at: "running", stage: "checkout" }), owner, fence: entry.fence };
    },

    async advance(claim, state) {
      const entry = held(claim);
      if (entry === null)
        throw new RepairError("lease-lost", `${claim.owner} no longer holds ${claim.run.id}.`);
      return move(entry, structuredClone(state));
    },

    async release(claim) {
      const entry = held(claim);
      if (entry !== null) interrupt(entry);
    },

    async requestCancel(runId, by) {
      const entry = find(runId);
      if (entry === undefined || !isLive(entry.run.state)) return null;
      if (entry.run.state.at === "queued") {
        move(entry, { at: "cancelled", by });
        return "cancelled";
      }
      entry.cancelBy = by;
      return "requested";
    },

    async cancelRequested(claim) {
      return held(claim)?.cancelBy ?? null;
    },

    async recover() {
      queue.clear();
      const cutOff = entries.filter(({ run }) => run.state.at === "running");
      const waiting = entries.filter(({ run }) => run.state.at === "queued");
      for (const entry of cutOff) interrupt(entry);
      for (const { run } of waiting) queue.put({ kind: "run", id: run.id });
      for (const [id, { handled }] of deliveries) if (!handled) queue.put({ kind: "delivery", id });
      return cutOff.length;
    },
  };
}
