import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Journal } from "../../src/ports/journal.ts";
import type { RunRequest } from "../../src/domain/run.ts";
import type { Claim, RunStore } from "../../src/ports/run-store.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

/** A store and the journals of its claims. */
export type JournalSubject = { readonly runs: RunStore; journal(claim: Claim): Journal };

const answer = z.object({ text: z.string(), votes: z.number() });

export function journalContract(name: string, makeSubject: () => JournalSubject): void {
  // tests share a store: a later run goes before those that an earlier test left
  let latest = 1_000;

  async function open(
    more: Partial<RunRequest> = {},
    subject: JournalSubject = makeSubject(),
  ): Promise<{ subject: JournalSubject; claim: Claim; journal: Journal }> {
    const request = { ...makeRunRequest(), ...more };
    const outcome = await subject.runs.request(request, { ...policy, priority: ++latest });
    if (outcome.kind !== "created") throw new Error(outcome.kind);
    const claim = await claimOf(subject, outcome.run.id);
    return { subject, claim, journal: subject.journal(claim) };
  }

  async function claimOf(subject: JournalSubject, runId: string): Promise<Claim> {
    const claim = await subject.runs.claim("worker-1", unlimited);
    if (claim?.run.id !== runId) throw new Error(`run ${runId} was not to be had`);
    return claim;
  }

  /** Work that counts how often it was done. */
  function counted<T>(value: T) {
    const work = async (): Promise<T> => {
      work.times++;
      await new Promise(setImmediate);
      return value;
    };
    work.times = 0;
    return work;
  }

  describe(`${name} as a Journal`, () => {
    test("a finished step ends the count of outages in a row", async () => {
      const { subject, claim } = await open();
      const postponement = { until: claim.startedAt, code: "forge-unavailable" as const };
      await subject.runs.advance(claim, { kind: "postponed", postponement });
      const resumed = await claimOf(subject, claim.run.id);
      const work = counted({ text: "a", votes: 1 });

      await subject.journal(resumed).step("generate/1", {}, answer, work);
      await subject.runs.release(resumed);

      expect(resumed.postponements).toBe(1);
      expect((await claimOf(subject, claim.run.id)).postponements).toBe(0);
    });

    test("does a finished step only once, also for the run's next claim", async () => {
      const { subject, claim, journal } = await open();
      const work = counted({ text: "a\u0000b \ud83d", votes: 3 });

      const first = await journal.step("generate/17", { seed: 1 }, answer, work);
      await subject.runs.release(claim);
      const next = subject.journal(await claimOf(subject, claim.run.id));
      const second = await next.step("generate/17", { seed: 1 }, answer, work);

      expect(first).toEqual({ text: "a\u0000b \ud83d", votes: 3 });
      expect(second).toEqual(first);
      expect(work.times).toBe(1);
    });

    test("has stored what was worked out, however much at once, when it is settled", async () => {
      const { subject, claim, journal } = await open();
      const works = Array.from({ length: 30 }, (_, index) => counted(index));
      const asking = works.map((work, index) => journal.step(`sample/${index}`, {}, z.number(), work));
      const asked = Promise.allSettled(asking);
      while (works.some(({ times }) => times === 0)) await new Promise(setImmediate);
      await new Promise(setImmediate);

      await journal.settled();
      await subject.runs.release(claim);
      await asked;
      const next = subject.journal(await claimOf(subject, claim.run.id));
      const values = works.map((work, index) => next.step(`sample/${index}`, {}, z.number(), work));

      expect(await Promise.all(values)).toEqual(works.map((_, index) => index));
      expect(works.filter(({ times }) => times > 1)).toEqual([]);
    });

    test("takes other inputs or another name for another step", async () => {
      const { journal } = await open();
      const work = counted(1);

      await journal.step("judge", { patch: "a" }, z.number(), work);
      await journal.step("judge", { patch: "b" }, z.number(), work);
      await journal.step("rank", { patch: "a" }, z.number(), work);

      expect(work.times).toBe(3);
    });

    test("takes equal inputs for the same step, whatever the order of their keys", async () => {
      const { journal } = await open();
      const work = counted(1);

      await journal.step("judge", { patch: "a", poc: { id: 1, kind: "asserting" } }, z.number(), work);
      await journal.step("judge", { poc: { kind: "asserting", id: 1 }, patch: "a" }, z.number(), work);

      expect(work.times).toBe(1);
    });

    test("keeps the steps of two runs apart", async () => {
      const { journal } = await open();
      const other = await open();
      const work = counted(1);

      await journal.step("generate/0", {}, z.number(), work);
      await other.journal.step("generate/0", {}, z.number(), work);

      expect(work.times).toBe(2);
    });

    test("a run that judges another's samples anew has what the models wrote for it, and nothing else", async () => {
      const { subject, journal, claim } = await open();
      const again = await open({ judges: claim.run.id }, subject);
      const [written, executed] = [counted(1), counted(2)];

      for (const one of [journal, again.journal]) {
        await one.step("sample/generate/0", { seed: 1 }, z.number(), written);
        await one.step("execute/tests", {}, z.number(), executed);
      }

      expect([written.times, executed.times]).toEqual([1, 2]);
    });

    test("does the same step once when it is wanted several times at once", async () => {
      const { journal } = await open();
      const work = counted("patch");

      const values = await Promise.all(
        Array.from({ length: 10 }, () => journal.step("apply", { patch: 1 }, z.string(), work)),
      );

      expect(new Set(values)).toEqual(new Set(["patch"]));
      expect(work.times).toBe(1);
    });

    test("gives everybody who waits the failure of a step, and does it again when asked again", async () => {
      const { journal } = await open();
      const failure = new Error("the model went away");
      const failing = () => Promise.reject(failure);

      const both = await Promise.allSettled([
        journal.step("localize/0", {}, z.string(), failing),
        journal.step("localize/0", {}, z.string(), failing),
      ]);
      const value = await journal.step("localize/0", {}, z.string(), async () => "src/rates.py");

      expect(both.map((outcome) => outcome.status === "rejected" && outcome.reason)).toEqual([
        failure,
        failure,
      ]);
      expect(value).toBe("src/rates.py");
    });

    test("keeps null and false as values", async () => {
      const { journal } = await open();
      const work = counted(null);

      await journal.step("critique", {}, z.null(), work);

      expect(await journal.step("critique", {}, z.null(), work)).toBeNull();
      expect(work.times).toBe(1);
    });

    test("keeps values of several megabytes", async () => {
      const { subject, claim, journal } = await open();
      const large = "é\n".repeat(1_500_000);
      await journal.step("tests/baseline", {}, z.string(), async () => large);

      const again = await subject
        .journal(claim)
        .step("tests/baseline", {}, z.string(), () => Promise.reject(new Error("done twice")));

      expect(again === large).toBe(true);
    });

    test("gives the same value to the first reader as to the next, as it survives JSON", async () => {
      const { journal } = await open();
      const schema = z.object({ votes: z.number().optional() });

      const first = await journal.step("votes", {}, schema, async () => ({ votes: undefined, extra: 1 }));

      expect(first).toStrictEqual({});
    });

    test("stores nothing for a claim that was lost", async () => {
      const { subject, claim, journal } = await open();
      const work = counted("late");
      await subject.runs.release(claim);
      const next = subject.journal(await claimOf(subject, claim.run.id));

      await expect(journal.step("generate/1", {}, z.string(), work)).rejects.toMatchObject({
        code: "lease-lost",
      });
      await next.step("generate/1", {}, z.string(), work);

      expect(work.times).toBe(2);
    });
  });
}
