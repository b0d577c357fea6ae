import { describe, expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import type { RunStore } from "../../src/ports/run-store.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";
import { claimed, created, declined, lost } from "./run-store-subject.ts";

/** What a run store does with requests: one live run of an issue, successors, what they opened. */
export function runRequestsContract(name: string, open: () => RunStore): void {
  describe(`${name} as a RunStore, asked for runs`, () => {
    test("keeps the issue, and who asked, as of the request", async () => {
      const store = open();
      const asked = makeRunRequest();
      const trigger = { ...asked.trigger, app: 4_711, comment: 99, at: "2026-01-02T10:00:00Z" };
      const request = { ...asked, trigger };

      const run = await created(store, request);

      expect(run).toEqual({ ...request, id: run.id, attempt: 1, state: { at: "queued" } });
      expect(await store.run(run.id)).toEqual(run);
      expect(await store.live(request.issue.ref)).toEqual([run]);
    });

    test("creates one run of 20 simultaneous requests for one issue", async () => {
      const store = open();
      const { number } = makeRunRequest().issue.ref;

      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => store.request(makeRunRequest(number), policy)),
      );

      expect(outcomes.filter(({ kind }) => kind === "created")).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === "already-live")).toHaveLength(19);
    });

    test("refuses a newer request while the issue's run is running", async () => {
      const store = open();
      const request = makeRunRequest();
      await created(store, request);
      const { run } = await claimed(store);

      const outcome = await store.request(makeRunRequest(request.issue.ref.number), policy);

      expect(outcome).toEqual({ kind: "already-live", run });
    });

    test("lets a newer request take the place of a queued run", async () => {
      const store = open();
      const older = await created(store);

      const outcome = await store.request(makeRunRequest(older.issue.ref.number), {
        ...policy,
        newer: "supersede",
      });

      if (outcome.kind !== "created") throw new Error(outcome.kind);
      expect(outcome.superseded).toEqual([older]);
      expect((await store.run(older.id))?.state).toEqual({
        at: "cancelled",
        by: "hubot",
        successor: outcome.run.id,
      });
      await claimed(store, outcome.run);
    });

    test("begins a successor only when the run whose place it takes has left", async () => {
      const store = open();
      const request = makeRunRequest();
      await created(store, request);
      const old = await claimed(store);
      const newer = { ...makeRunRequest(request.issue.ref.number) };
      const successor = await created(store, newer, { newer: "supersede" });

      expect((await store.heartbeat(old)).cancel).toEqual({ by: "hubot", successor: successor.id });
      expect((await store.live(request.issue.ref)).map(({ id }) => id)).toEqual([old.run.id, successor.id]);
      expect(await store.claim("worker-2", unlimited)).toBeNull();

      await store.release(old);

      expect((await store.run(old.run.id))?.state).toEqual({
        at: "cancelled",
        by: "hubot",
        successor: successor.id,
      });
      await claimed(store, successor);
    });

    test("keeps one queued and one running run of twenty that supersede each other", async () => {
      const store = open();
      const { number } = makeRunRequest().issue.ref;
      await created(store, makeRunRequest(number));
      const running = await claimed(store);

      await Promise.all(
        Array.from({ length: 20 }, () =>
          store.request(makeRunRequest(number), { ...policy, newer: "supersede" }),
        ),
      );

      const live = await store.live(running.run.issue.ref);
      expect(live.map(({ state }) => state.at)).toEqual(["running", "queued"]);
      expect((await store.heartbeat(running)).cancel?.successor).toBe(live[1]?.id);
    });

    test("counts the earlier runs of the issue", async () => {
      const store = open();
      const request = makeRunRequest();
      const first = await claimed(store, await created(store, request));
      await store.advance(first, { kind: "ended", state: declined });

      const second = await created(store, makeRunRequest(request.issue.ref.number));

      expect(second.attempt).toBe(2);
      expect(second.id).not.toBe(first.run.id);
      expect(await store.latest(request.issue.ref)).toEqual(second);
      expect(await store.latest(makeRunRequest().issue.ref)).toBeNull();
    });

    test("does not start a second run for a delivery that is handled again after its run ended", async () => {
      const store = open();
      const request = makeRunRequest();
      const claim = await claimed(store, await created(store, request));
      const ended = await store.advance(claim, { kind: "ended", state: declined });

      expect(await store.request(request, policy)).toEqual({ kind: "already-live", run: ended });
    });

    test("lists the newest runs first", async () => {
      const store = open();
      const older = await created(store);
      const newer = await created(store);

      expect((await store.recent(2)).map(({ id }) => id)).toEqual([newer.id, older.id]);
    });

    test("does not open again what people closed before the run that opened it had ended", async () => {
      const store = open();
      const claim = await claimed(store, await created(store));
      const { repo } = claim.run.issue.ref;
      const number = 7_000 + Math.floor(Math.random() * 1e6);
      const isOpen = async () => (await store.openPullRequests(1_000)).some((one) => one.number === number);

      await store.noteOpened(claim, number);
      const atFirst = await isOpen();
      await store.notePullRequest(repo, number, false, Date.UTC(2026, 0, 2));
      await store.noteOpened(claim, number);
      const state = { at: "proposed", pullRequest: number, url: "https://forge/pull" } as const;
      await store.advance(claim, { kind: "ended", state });

      expect([atFirst, await isOpen()]).toEqual([true, false]);
      await expect(store.noteOpened(claim, number)).rejects.toMatchObject(lost);
    });

    test("hears nothing older of a pull request than it knows, whichever run has it now", async () => {
      const store = open();
      const first = await claimed(store, await created(store));
      const { ref } = first.run.issue;
      const number = 7_000 + Math.floor(Math.random() * 1e6);
      const isOpen = async () => (await store.openPullRequests(1_000)).some((one) => one.number === number);
      const end = { at: "proposed", pullRequest: number, url: "https://forge/pull" } as const;
      await store.advance(first, { kind: "ended", state: end });
      const note = (open: boolean, second: number) =>
        store.notePullRequest(ref.repo, number, open, Date.UTC(2026, 0, 2, 10, 0, second));
      await note(true, 2);
      const again = await claimed(store, await created(store, makeRunRequest(ref.number)));
      await store.advance(again, { kind: "ended", state: end });

      await note(false, 1);
      const afterLate = await isOpen();
      await note(false, 3);
      const afterNew = await isOpen();
      await note(true, 2);

      expect([afterLate, afterNew, await isOpen()]).toEqual([true, false, false]);
      await store.notePullRequest(ref.repo, number, true);
      expect(await isOpen()).toBe(true);
      await store.notePullRequest(ref.repo, number, false);
    });
  });
}
