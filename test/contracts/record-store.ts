import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../src/domain/canonical-json.ts";
import type { RepoRef } from "../../src/domain/issue.ts";
import { eventId, type RecordEvent } from "../../src/domain/record/event.ts";
import type { RunRequest } from "../../src/domain/run.ts";
import type { RecordEntry, RecordStore } from "../../src/ports/run-record.ts";
import type { RunStore } from "../../src/ports/run-store.ts";
import { beginRun } from "../fixtures/begin-run.ts";
import { makeRunRequest } from "../fixtures/run-request.ts";

export type RecordSubject = { readonly runs: RunStore; readonly records: RecordStore };

export function recordStoreContract(name: string, makeSubject: () => RecordSubject): void {
  const rejection = (sample: string): RecordEvent => ({
    kind: "rejection",
    sample,
    reason: "no-change",
    detail: "NUL \u0000 and half a pair \ud83d",
  });

  const requestIn = (repo: RepoRef, number: number): RunRequest => {
    const request = makeRunRequest();
    return { ...request, issue: { ...request.issue, ref: { repo, number } } };
  };

  const entryOf = (runId: string, event: RecordEvent, texts: readonly string[] = []): RecordEntry => ({
    id: eventId(runId, event.kind, JSON.stringify(event)),
    time: 1_700_000_000_000,
    event,
    blobs: texts.map(sha256),
    texts: texts.map((text) => ({ sha256: sha256(text), text })),
  });

  describe(`${name} as a RecordStore`, () => {
    test("gives a run's events back as they were, in their order, and nobody else's", async () => {
      const { runs, records } = makeSubject();
      const { run } = await beginRun(runs);
      const other = await beginRun(runs);
      await records.append(other.run.id, [entryOf(other.run.id, rejection("generate/9/0"))]);

      await records.append(run.id, [entryOf(run.id, rejection("generate/2/0"))]);
      await records.append(run.id, [
        entryOf(run.id, rejection("generate/0/0")),
        entryOf(run.id, rejection("generate/1/0")),
      ]);

      const events = await records.events(run.id);
      expect(events.map(({ event }) => event)).toEqual(
        ["generate/2/0", "generate/0/0", "generate/1/0"].map(rejection),
      );
      expect(events[0]).toMatchObject({ schemaVersion: 1, time: 1_700_000_000_000 });
    });

    test("stores an event once, however often it is told, and leaves the first as it is", async () => {
      const { runs, records } = makeSubject();
      const { run } = await beginRun(runs);
      const entry = entryOf(run.id, rejection("generate/0/0"));

      await records.append(run.id, [entry]);
      await records.append(run.id, [{ ...entry, time: entry.time + 1 }, entry]);

      expect((await records.events(run.id)).map(({ time }) => time)).toEqual([entry.time]);
    });

    test("keeps texts by their hash, for all runs that refer to them", async () => {
      const { runs, records } = makeSubject();
      const [first, second] = [await beginRun(runs), await beginRun(runs)];
      const long = `${"x".repeat(500_000)} \u0000 end`;

      await records.append(first.run.id, [entryOf(first.run.id, rejection("a"), [long, ""])]);
      await records.append(second.run.id, [entryOf(second.run.id, rejection("a"), [long])]);
      const known = { ...entryOf(second.run.id, rejection("b"), [long]), texts: [] };
      await records.append(second.run.id, [known]);

      expect(await records.text(sha256(long))).toBe(long);
      expect(await records.text(sha256(""))).toBe("");
      expect(await records.text(sha256("never said"))).toBeNull();
      expect(await records.events(second.run.id)).toHaveLength(2);
    });

    test("stores all of a batch or nothing, and nothing of a run that is gone", async () => {
      const { runs, records } = makeSubject();
      const { run } = await beginRun(runs);
      const broken = { ...entryOf(run.id, rejection("b"), ["a text that nobody gave"]), texts: [] };

      await expect(records.append(run.id, [entryOf(run.id, rejection("a")), broken])).rejects.toBeInstanceOf(
        Error,
      );
      await expect(records.append("nobody", [entryOf("nobody", rejection("a"))])).rejects.toBeInstanceOf(
        Error,
      );

      expect(await records.events(run.id)).toEqual([]);
    });

    test("knows the run that opened a pull request, whatever the case of the repository's name", async () => {
      const { runs, records } = makeSubject();
      const { claim, run } = await beginRun(runs);
      const state = { at: "proposed", pullRequest: 41_007, url: "https://example.org/pull/41007" } as const;
      await runs.advance(claim, { kind: "ended", state });
      const { owner, name: repository } = run.issue.ref.repo;

      expect(await records.runOfPullRequest({ owner, name: repository }, 41_007)).toBe(run.id);
      const shouted = { owner: owner.toUpperCase(), name: repository };
      expect(await records.runOfPullRequest(shouted, 41_007)).toBe(run.id);
      expect(await records.runOfPullRequest({ owner, name: "other" }, 41_007)).toBeNull();
      expect(await records.runOfPullRequest({ owner, name: repository }, 41_008)).toBeNull();
    });

    test("has what tells the outcome of a repository's newest pull requests, in order, of all their runs", async () => {
      const { runs, records } = makeSubject();
      const repo = { owner: "Acme", name: `outcomes-${randomUUID()}` };
      const proposes = async (number: number, pullRequest: number, ...events: readonly RecordEvent[]) => {
        const { claim, run } = await beginRun(runs, requestIn(repo, number));
        await records.append(
          run.id,
          events.map((event) => entryOf(run.id, event)),
        );
        const url = `https://example.org/pull/${pullRequest}`;
        await runs.advance(claim, { kind: "ended", state: { at: "proposed", pullRequest, url } });
      };
      const untold: RecordEvent = { kind: "baseline", baseline: { kind: "none" } };
      await proposes(61, 42_001, rejection("a"));
      await proposes(62, 42_003, rejection("b"), untold, rejection("c"));
      await proposes(63, 42_002, rejection("d"));
      await proposes(64, 42_003, rejection("e"));
      await beginRun(runs, requestIn(repo, 65));

      expect(await records.pullRequests({ ...repo, owner: "ACME" }, 2)).toEqual([
        { number: 42_003, events: ["b", "c", "e"].map(rejection) },
        { number: 42_002, events: [rejection("d")] },
      ]);
      expect(await records.pullRequests({ owner: "Acme", name: "nothing" }, 2)).toEqual([]);
    });
  });
}
