import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { stages, type RepairRun, type RunState } from "../../src/domain/run.ts";
import type { Claim, RunStore } from "../../src/ports/run-store.ts";
import { makeRunRequest } from "../fixtures/run-request.ts";

const delivery = () => ({
  id: randomUUID(),
  event: "issues",
  payload: { action: "labeled", text: "a\u0000b" },
});

/** Stores may be shared between tests: nothing here assumes an empty one. */
export function runStoreContract(name: string, makeSubject: () => RunStore): void {
  const created = async (store: RunStore, request = makeRunRequest()): Promise<RepairRun> => {
    const outcome = await store.request(request);
    expect(outcome.kind).toBe("created");
    return outcome.run;
  };
  const claimed = async (store: RunStore, run: RepairRun, owner = "worker-1"): Promise<Claim> => {
    const claim = await store.claim(run.id, owner);
    if (claim === null) throw new Error(`run ${run.id} was not to be had`);
    return claim;
  };

  describe(`${name} as a RunStore`, () => {
    test("keeps a delivery as it was received", async () => {
      const store = makeSubject();
      const received = delivery();

      expect(await store.receive(received)).toBe("stored");
      expect(await store.delivery(received.id)).toEqual(received);
    });

    test("knows no delivery that was never received", async () => {
      expect(await makeSubject().delivery("nobody")).toBeNull();
    });

    test("stores one of 20 simultaneous deliveries with the same id", async () => {
      const store = makeSubject();
      const received = delivery();

      const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.receive(received)));

      expect(outcomes.filter((outcome) => outcome === "stored")).toHaveLength(1);
    });

    test("keeps the issue as of the request", async () => {
      const store = makeSubject();
      const request = makeRunRequest();

      const run = await created(store, request);

      expect(run).toEqual({ ...request, id: run.id, attempt: 1, state: { at: "queued" } });
      expect(await store.run(run.id)).toEqual(run);
    });

    test("keeps what kind of run was asked for, and that a check came to its end", async () => {
      const store = makeSubject();
      const claim = await claimed(
        store,
        await created(store, { ...makeRunRequest(), kind: "environment-check" }),
      );

      await store.advance(claim, { at: "checked" });

      const ended = { kind: "environment-check", state: { at: "checked" } };
      expect(await store.run(claim.run.id)).toMatchObject(ended);
    });

    test("creates one run of 20 simultaneous requests for one issue", async () => {
      const store = makeSubject();
      const { number } = makeRunRequest().issue.ref;

      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => store.request(makeRunRequest(number))),
      );

      expect(outcomes.filter(({ kind }) => kind === "created")).toHaveLength(1);
      expect(new Set(outcomes.map(({ run }) => run.id)).size).toBe(1);
    });

    test("answers already-live while the issue's run is running", async () => {
      const store = makeSubject();
      const request = makeRunRequest();
      const { run } = await claimed(store, await created(store, request));

      const outcome = await store.request(makeRunRequest(request.issue.ref.number));

      expect(outcome).toEqual({ kind: "already-live", run });
    });

    test("counts the earlier runs of the issue", async () => {
      const store = makeSubject();
      const request = makeRunRequest();
      const first = await claimed(store, await created(store, request));
      await store.advance(first, { at: "declined", reason: "no-candidate" });

      const second = await created(store, makeRunRequest(request.issue.ref.number));

      expect(second.attempt).toBe(2);
      expect(second.id).not.toBe(first.run.id);
    });

    test("does not start a second run for a delivery that is handled again after its run ended", async () => {
      const store = makeSubject();
      const request = makeRunRequest();
      const claim = await claimed(store, await created(store, request));
      const ended = await store.advance(claim, { at: "failed", code: "forge-unavailable" });

      expect(await store.request(request)).toEqual({ kind: "already-live", run: ended });
    });

    test("lists the newest runs first", async () => {
      const store = makeSubject();
      const older = await created(store);
      const newer = await created(store);

      expect((await store.recent(2)).map(({ id }) => id)).toEqual([newer.id, older.id]);
    });

    test("gives a queued run to one of several claimants", async () => {
      const store = makeSubject();
      const run = await created(store);

      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, worker) => store.claim(run.id, `worker-${worker}`)),
      );

      expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
      expect((await store.run(run.id))?.state.at).toBe("running");
    });

    test("gives nobody a run that does not exist", async () => {
      expect(await makeSubject().claim("no-such-run", "worker-1")).toBeNull();
    });

    test.each<RunState>([
      ...stages.map((stage): RunState => ({ at: "running", stage })),
      { at: "proposed", pullRequest: 12, url: "https://github.example/octo/parcels/pull/12" },
      { at: "declined", reason: "refused" },
      { at: "failed", code: "sandbox-failed" },
      { at: "cancelled", by: "mona" },
    ])("keeps the state %j", async (state) => {
      const store = makeSubject();
      const claim = await claimed(store, await created(store));

      const run = await store.advance(claim, state);

      expect(run.state).toEqual(state);
      expect(await store.run(run.id)).toEqual(run);
    });

    test("lets nobody move a run that has ended", async () => {
      const store = makeSubject();
      const claim = await claimed(store, await created(store));
      await store.advance(claim, { at: "declined", reason: "all-regress" });

      await expect(store.advance(claim, { at: "running", stage: "rank" })).rejects.toMatchObject({
        code: "lease-lost",
      });
      expect((await store.run(claim.run.id))?.state).toEqual({ at: "declined", reason: "all-regress" });
    });

    test("lets an older claim write nothing once the run is claimed again", async () => {
      const store = makeSubject();
      const old = await claimed(store, await created(store));
      await store.release(old);
      const current = await claimed(store, old.run);

      await expect(store.advance(old, { at: "running", stage: "rank" })).rejects.toMatchObject({
        code: "lease-lost",
      });
      await store.release(old);

      expect(current.fence).toBeGreaterThan(old.fence);
      expect((await store.run(old.run.id))?.state).toEqual({ at: "running", stage: "checkout" });
    });

    test("cancels a queued run at once", async () => {
      const store = makeSubject();
      const run = await created(store);

      expect(await store.requestCancel(run.id, "mona")).toBe("cancelled");
      expect((await store.run(run.id))?.state).toEqual({ at: "cancelled", by: "mona" });
      expect(await store.claim(run.id, "worker-1")).toBeNull();
    });

    test("tells the holder of a running run who asked to cancel it", async () => {
      const store = makeSubject();
      const claim = await claimed(store, await created(store));
      expect(await store.cancelRequested(claim)).toBeNull();

      expect(await store.requestCancel(claim.run.id, "mona")).toBe("requested");

      expect(await store.cancelRequested(claim)).toBe("mona");
    });

    test("has nothing to cancel in a run that has ended or never was", async () => {
      const store = makeSubject();
      const claim = await claimed(store, await created(store));
      await store.advance(claim, { at: "failed", code: "internal" });

      expect(await store.requestCancel(claim.run.id, "mona")).toBeNull();
      expect(await store.requestCancel("no-such-run", "mona")).toBeNull();
    });

    test("does not queue a released run that was to be cancelled", async () => {
      const store = makeSubject();
      const claim = await claimed(store, await created(store));
      await store.requestCancel(claim.run.id, "mona");

      await store.release(claim);

      expect((await store.run(claim.run.id))?.state).toEqual({ at: "cancelled", by: "mona" });
    });

    test("queues what was running again when it recovers, and cancels what was to be cancelled", async () => {
      const store = makeSubject();
      const cutOff = await claimed(store, await created(store));
      const unwanted = await claimed(store, await created(store));
      await store.requestCancel(unwanted.run.id, "mona");

      expect(await store.recover()).toBeGreaterThanOrEqual(2);

      expect((await store.run(cutOff.run.id))?.state).toEqual({ at: "queued" });
      expect((await store.run(unwanted.run.id))?.state).toEqual({ at: "cancelled", by: "mona" });
      await expect(store.advance(cutOff, { at: "running", stage: "rank" })).rejects.toMatchObject({
        code: "lease-lost",
      });
      expect(await store.recover()).toBe(0);
    });
  });
}
