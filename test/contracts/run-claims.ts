import { describe, expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { stages, type EndState } from "../../src/domain/run.ts";
import type { RunStore } from "../../src/ports/run-store.ts";
import { makeRunRequest } from "../fixtures/run-request.ts";
import { claimed, created, declined, lost, type RunStoreSubject } from "./run-store-subject.ts";

/** What a run store does with runs at work: turns, fences, leases, orders, history. */
export function runClaimsContract(name: string, open: (which?: keyof RunStoreSubject) => RunStore): void {
  describe(`${name} as a RunStore, worked on`, () => {
    test("gives a queued run to one of several claimants", async () => {
      const store = open();
      const run = await created(store);

      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, worker) => store.claim(`worker-${worker}`, unlimited)),
      );

      expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
      expect((await store.run(run.id))?.state).toEqual({ at: "running", stage: "checkout" });
    });

    test("gives nobody anything when nothing waits", async () => {
      expect(await open().claim("worker-1", unlimited)).toBeNull();
    });

    test("begins the run of the highest priority, and says how many go before one", async () => {
      const store = open();
      const low = await created(store);
      const high = await created(store, makeRunRequest(), { priority: 5 });

      expect(await store.position(high.id)).toBe(0);
      expect(await store.position(low.id)).toBe(1);
      await claimed(store, high);
      expect(await store.position(high.id)).toBeNull();
    });

    test("lets installations take turns", async () => {
      const store = open();
      const busy = 100 + Math.floor(1_000 * makeRunRequest().issue.ref.number);
      const of = (installation: number) => ({ ...makeRunRequest(), installation });
      await created(store, of(busy));
      const second = await created(store, of(busy));
      const other = await created(store, of(busy + 1));

      const first = await claimed(store);
      await store.advance(first, { kind: "ended", state: declined });
      const begun = [await claimed(store), await claimed(store)];

      expect(begun.map(({ run }) => run.id)).toEqual([other.id, second.id]);
    });

    test.each([
      ["what the operator lets", { ...unlimited, repositoryRuns: 1 }, unlimited],
      ["what its repository lets", unlimited, { ...unlimited, repositoryRuns: 1 }],
    ])("begins nothing beyond %s work at the same time", async (_, limits, own) => {
      const store = open();
      await created(store, makeRunRequest(), { limits: own });
      await created(store, makeRunRequest(), { limits: own });

      const first = await store.claim("worker-1", limits);
      expect(await store.claim("worker-2", limits)).toBeNull();
      if (first === null) throw new Error("nothing was begun");
      await store.advance(first, { kind: "ended", state: declined });

      expect(await store.claim("worker-2", limits)).not.toBeNull();
    });

    test.each(stages)("keeps the stage %s", async (stage) => {
      const store = open();
      await created(store);
      const run = await store.advance(await claimed(store), { kind: "entered", stage });

      expect(run.state).toEqual({ at: "running", stage });
      expect(await store.run(run.id)).toEqual(run);
    });

    test.each<EndState>([
      { at: "proposed", pullRequest: 12, url: "https://github.example/octo/parcels/pull/12" },
      { at: "declined", reason: "refused" },
      { at: "checked" },
      { at: "failed", code: "sandbox-failed" },
      { at: "cancelled", by: "mona" },
    ])("keeps the end %j, which is final", async (state) => {
      const store = open();
      await created(store);
      const claim = await claimed(store);

      const run = await store.advance(claim, { kind: "ended", state });

      expect(run.state).toEqual(state);
      await expect(store.advance(claim, { kind: "entered", stage: "rank" })).rejects.toMatchObject(lost);
      await expect(store.heartbeat(claim)).rejects.toMatchObject(lost);
      expect(await store.run(run.id)).toEqual(run);
    });

    test("records every transition with its cause", async () => {
      const store = open();
      const run = await created(store);
      const first = await claimed(store, run);
      await store.advance(first, { kind: "entered", stage: "rank" });
      await store.release(first);
      const second = await claimed(store, run, "worker-2");
      await store.advance(second, { kind: "ended", state: declined });

      const history = await store.transitions(run.id);

      expect(history.map(({ cause }) => cause)).toEqual([
        "requested by hubot (label)",
        "claimed by worker-1",
        "entered rank",
        "interrupted: shutdown",
        "claimed by worker-2",
        "declined",
      ]);
      expect(history.at(-1)?.state).toEqual(declined);
      expect(history.every(({ time }) => time > 0)).toBe(true);
    });

    test("lets an older claim write nothing once the run is claimed again", async () => {
      const store = open();
      await created(store);
      const old = await claimed(store);
      await store.release(old);
      const current = await claimed(store, old.run);

      await expect(store.advance(old, { kind: "entered", stage: "rank" })).rejects.toMatchObject(lost);
      await expect(store.heartbeat(old)).rejects.toMatchObject(lost);
      await store.release(old);

      expect(current.fence).toBeGreaterThan(old.fence);
      expect((await store.run(old.run.id))?.state).toEqual({ at: "running", stage: "checkout" });
    });

    test("lets a postponed run wait, and counts how often", async () => {
      const store = open();
      const run = await created(store);
      const first = await claimed(store, run);
      const postponement = { until: first.startedAt + 3_600_000, code: "forge-unavailable" as const };

      await store.advance(first, { kind: "postponed", postponement });

      expect((await store.run(run.id))?.state).toEqual({ at: "queued", postponed: postponement });
      expect(await store.claim("worker-2", unlimited)).toBeNull();
    });

    test("begins a postponed run when its time has come", async () => {
      const store = open();
      const run = await created(store);
      const first = await claimed(store, run);
      const postponement = { until: first.startedAt, code: "forge-unavailable" as const };

      await store.advance(first, { kind: "postponed", postponement });

      expect((await claimed(store, run)).postponements).toBe(1);
    });

    test("counts none of a run's time in the queue as its own", async () => {
      const store = open();
      const run = await created(store);
      const first = await claimed(store, run);
      await store.release(first);
      const released = Date.now();

      await expect.poll(() => Date.now() - released, { interval: 10 }).toBeGreaterThan(60);

      expect((await claimed(store, run)).startedAt - first.startedAt).toBeGreaterThan(40);
    });

    test("ends a run that would wait although another takes its place", async () => {
      const store = open();
      const older = await created(store);
      const claim = await claimed(store, older);
      const newer = makeRunRequest(older.issue.ref.number);
      const successor = await created(store, newer, { newer: "supersede" });
      const postponement = { until: claim.startedAt + 3_600_000, code: "forge-unavailable" as const };

      const { state } = await store.advance(claim, { kind: "postponed", postponement });

      expect(state).toEqual({ at: "cancelled", by: "hubot", successor: successor.id });
      await claimed(store, successor);
    });

    test("lets no run wait that was cancelled at work", async () => {
      const store = open();
      const run = await created(store);
      const claim = await claimed(store, run);
      await store.requestCancel(run.id, "mona");
      const postponement = { until: claim.startedAt + 3_600_000, code: "forge-unavailable" as const };

      await store.advance(claim, { kind: "postponed", postponement });

      expect((await claimed(store, run)).orders.cancel).toEqual({ by: "mona", successor: null });
    });

    test("asks a run that waits in the middle of its work to finish it", async () => {
      const store = open();
      const run = await created(store);
      const claim = await claimed(store, run);
      const postponement = { until: claim.startedAt + 3_600_000, code: "inference-unreachable" as const };
      await store.advance(claim, { kind: "postponed", postponement });

      expect(await store.requestStop(run.id, "mona")).toBe("requested");

      expect((await claimed(store, run)).orders.stop).toBe("mona");
    });

    test("begins another repository's run behind any number that have to wait", async () => {
      const store = open();
      const of = (name: string) => {
        const request = makeRunRequest();
        const ref = { ...request.issue.ref, repo: { owner: "octo", name } };
        return { ...request, issue: { ...request.issue, ref } };
      };
      for (let run = 0; run < 52; run++) await created(store, of("busy"));
      const quiet = await created(store, of("quiet"));
      const limits = { ...unlimited, repositoryRuns: 1 };

      const begun = [await store.claim("worker-1", limits), await store.claim("worker-1", limits)];

      expect(begun.map((claim) => claim?.run.issue.ref.repo.name)).toEqual(["busy", "quiet"]);
      expect(begun[1]?.run.id).toBe(quiet.id);
    });

    test("cancels a queued run at once", async () => {
      const store = open();
      const run = await created(store);

      expect(await store.requestCancel(run.id, "mona")).toBe("cancelled");
      expect((await store.run(run.id))?.state).toEqual({ at: "cancelled", by: "mona" });
      expect(await store.claim("worker-1", unlimited)).toBeNull();
    });

    test("tells the holder of a running run who asked first to cancel it or to finish it", async () => {
      const store = open();
      await created(store);
      const claim = await claimed(store);
      expect(await store.heartbeat(claim)).toEqual({ cancel: null, stop: null });

      expect(await store.requestStop(claim.run.id, "hubot")).toBe("requested");
      expect(await store.requestCancel(claim.run.id, "mona")).toBe("requested");
      await store.requestCancel(claim.run.id, "late");

      const orders = { cancel: { by: "mona", successor: null }, stop: "hubot" };
      expect(await store.heartbeat(claim)).toEqual(orders);
    });

    test("has nothing to cancel in a run that has ended or never was", async () => {
      const store = open();
      await created(store);
      const claim = await claimed(store);
      await store.advance(claim, { kind: "ended", state: { at: "failed", code: "internal" } });

      expect(await store.requestCancel(claim.run.id, "mona")).toBeNull();
      expect(await store.requestStop("no-such-run", "mona")).toBeNull();
    });

    test("hands a released run on with the orders that it has", async () => {
      const store = open();
      const run = await created(store);
      const claim = await claimed(store, run);
      await store.requestCancel(run.id, "mona");

      await store.release(claim);

      expect((await claimed(store, run)).orders.cancel).toEqual({ by: "mona", successor: null });
    });

    test("takes a run back whose lease has ended, and counts the crash", async () => {
      const store = open("impatient");
      await store.recover();
      const run = await created(store);
      const dead = await claimed(store, run);

      await expect.poll(() => store.recover(), { timeout: 10_000 }).toBe(1);

      await expect(store.advance(dead, { kind: "entered", stage: "rank" })).rejects.toMatchObject(lost);
      const again = await claimed(store, run, "worker-2");
      expect(again.crashes).toBe(1);
      expect((await store.transitions(run.id)).map(({ cause }) => cause)).toContain(
        "interrupted: lease-expired",
      );
    });

    test("leaves a run alone whose lease is extended", async () => {
      const store = open("impatient");
      await store.recover();
      await created(store);
      const claim = await claimed(store);

      for (let beat = 0; beat < 40; beat++) {
        await store.heartbeat(claim);
        expect(await store.recover()).toBe(0);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
  });
}
