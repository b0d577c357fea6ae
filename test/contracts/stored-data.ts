import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Store } from "../../src/adapters/postgres/store.ts";
import { sha256 } from "../../src/domain/canonical-json.ts";
import { eventId, type RecordEvent } from "../../src/domain/record/event.ts";
import type { Issue } from "../../src/domain/issue.ts";
import type { RunRequest } from "../../src/domain/run.ts";
import type { DataScope, Retention } from "../../src/ports/kept-data.ts";
import type { Claim } from "../../src/ports/run-store.ts";
import type { FixedClock } from "../fakes/fixed-clock.ts";
import { beginRun } from "../fixtures/begin-run.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

export type StoredSubject = { readonly store: Store; readonly clock: FixedClock };

const days = (count: number): number => count * 24 * 60 * 60 * 1_000;
const forever: Retention = { deliveries: null, steps: null, records: null, logs: null };

/** Everything that a backup of the store holds, as one text. */
export async function dumpOf(store: Store): Promise<string> {
  const lines: string[] = [];
  await store.backup.backup(async (value) => {
    lines.push(JSON.stringify(value));
  });
  return lines.join("\n");
}

/** What a sweep stores of a label that it found: as it does now, and as it did at first. */
function labelsFound(installation: number, issue: Issue): readonly object[] {
  const { repo, number } = issue.ref;
  const common = { action: "found", sender: "mona", label: "copatcher" };
  const repository = { full_name: `${repo.owner}/${repo.name}` };
  return [
    { ...common, installation: { id: installation }, repository, issue: { number, ...issue } },
    { ...common, installation, issue },
  ];
}

export function storedDataContract(name: string, makeSubject: () => StoredSubject): void {
  /** A run of an issue of its own, full of `marker`: its delivery, its issue, a step, a long step and its record. */
  async function leaveData(
    { runs, journal, records }: Store,
    marker: string,
    at: { readonly repo?: string; readonly installation?: number } = {},
  ): Promise<{ readonly request: RunRequest; readonly claim: Claim }> {
    const base = makeRunRequest();
    const repo = { owner: "octo", name: at.repo ?? "parcels" };
    const installation = at.installation ?? 7;
    const ref = { repo, number: base.issue.ref.number };
    const trigger = { ...base.trigger, delivery: randomUUID() };
    const request = {
      ...base,
      installation,
      trigger,
      issue: { ...base.issue, ref, title: marker, body: marker },
    };
    await runs.receive({
      id: trigger.delivery,
      event: "issues",
      payload: {
        installation: { id: installation },
        repository: { full_name: `${repo.owner}/${repo.name}` },
        issue: { number: ref.number, title: `${marker} \u0000` },
      },
    });
    const { claim, run } = await beginRun(runs, request);
    await runs.finishDelivery(trigger.delivery);
    for (const payload of labelsFound(installation, { ...request.issue, title: `${marker} found` })) {
      const id = `label-event-${randomUUID()}`;
      await runs.receive({ id, event: "copatcher-label", payload });
      await runs.finishDelivery(id);
    }
    await journal(claim).step("short", {}, z.string(), async () => marker);
    await journal(claim).step("long", {}, z.string(), async () => marker + "x".repeat(70_000));
    const event: RecordEvent = { kind: "rejection", sample: "s", reason: "no-change", detail: marker };
    const text = `${marker} in a text`;
    const entry = {
      id: eventId(run.id, "rejection", "s"),
      time: Date.UTC(2026, 0, 1),
      event,
      blobs: [sha256(text)],
      texts: [{ sha256: sha256(text), text }],
    };
    await records.append(run.id, [entry]);
    return { request, claim };
  }

  const end = (store: Store, claim: Claim) =>
    store.runs.advance(claim, { kind: "ended", state: { at: "declined", reason: "no-candidate" } });

  const lines = async (store: Store, scope: DataScope): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const value of store.data.export(scope)) found.push(JSON.stringify(value));
    return found;
  };

  describe(`${name} as StoredData`, () => {
    test.each(["issue", "repository", "installation"] as const)(
      "gives out and removes everything of one %s, and nothing else",
      async (kind) => {
        const { store } = makeSubject();
        const [gone, stays] = [`marker-${randomUUID()}`, `marker-${randomUUID()}`];
        const repo = `repo-${randomUUID().slice(0, 8)}`;
        const installation = 1_000 + Math.floor(Math.random() * 1e9);
        const { request, claim } = await leaveData(store, gone, { repo, installation });
        const other = await leaveData(store, stays);
        await end(store, claim);
        const { ref } = request.issue;
        const scopes: Record<DataScope["kind"], DataScope> = {
          issue: { kind, issue: { ...ref, repo: { ...ref.repo, owner: "OCTO" } } } as DataScope,
          repository: { kind: "repository", repo: { owner: "Octo", name: repo } },
          installation: { kind: "installation", installation },
        };

        const exported = await lines(store, scopes[kind]);
        const counts = await store.data.remove(scopes[kind]);

        const dump = await dumpOf(store);
        expect(exported.filter((line) => line.includes(gone)).length).toBeGreaterThanOrEqual(8);
        expect(exported.some((line) => line.includes(stays))).toBe(false);
        expect(counts).toMatchObject({ runs: 1, deliveries: 3, steps: 2, events: 1, blobs: 2 });
        expect(counts["jobs"]).toBeGreaterThanOrEqual(2);
        expect([dump.includes(gone), dump.includes(repo), dump.includes(stays)]).toEqual([
          false,
          false,
          true,
        ]);
        const named = dump.split("\n").filter((line) => line.includes(claim.run.id));
        expect(named).toEqual([expect.stringContaining('"forgotten"')]);
        expect(await store.runs.receive({ id: request.trigger.delivery, event: "issues", payload: {} })).toBe(
          "duplicate",
        );
        await end(store, other.claim);
      },
    );

    test("refuses to remove a run that is at work, by name, until it has ended", async () => {
      const { store } = makeSubject();
      const { request, claim } = await leaveData(store, "busy");
      const scope: DataScope = { kind: "issue", issue: request.issue.ref };

      await expect(store.data.remove(scope)).rejects.toMatchObject({
        code: "usage",
        message: expect.stringContaining(claim.run.id) as string,
      });
      await store.runs.advance(claim, { kind: "ended", state: { at: "cancelled", by: "mona" } });

      expect(await store.data.remove(scope)).toMatchObject({ runs: 1 });
    });

    test("finds what the forge said of an issue's pull request, and of lists of repositories", async () => {
      const { store } = makeSubject();
      const repo = `repo-${randomUUID().slice(0, 8)}`;
      const { request, claim } = await leaveData(store, "pull", { repo });
      const state = { at: "proposed", pullRequest: 99, url: "https://example.org/pull/99" } as const;
      await store.runs.advance(claim, { kind: "ended", state });
      const repository = { full_name: `octo/${repo}` };
      const payloads = {
        review: { repository, pull_request: { number: 99 }, review: { body: "of-the-pull" } },
        other: { repository, pull_request: { number: 98 }, review: { body: "of-another-pull" } },
        list: { repositories_removed: [repository, { full_name: "octo/other" }], note: "of-a-list" },
      };
      for (const [event, payload] of Object.entries(payloads)) {
        await store.runs.receive({ id: randomUUID(), event, payload });
      }

      const issue = await store.data.remove({ kind: "issue", issue: request.issue.ref });
      const afterIssue = await dumpOf(store);
      const whole = await store.data.remove({ kind: "repository", repo: request.issue.ref.repo });
      const afterAll = await dumpOf(store);

      expect(issue).toMatchObject({ runs: 1, deliveries: 4 });
      expect(["of-the-pull", "of-another-pull"].map((text) => afterIssue.includes(text))).toEqual([
        false,
        true,
      ]);
      expect(whole).toMatchObject({ runs: 0, deliveries: 2 });
      expect(/of-another-pull|of-a-list/.test(afterAll)).toBe(false);
    });

    test("ages out bodies, steps, records and issue texts, each in its time, and nothing of a live run", async () => {
      const { store, clock } = makeSubject();
      const [old, live] = [`marker-${randomUUID()}`, `marker-${randomUUID()}`];
      const { request, claim } = await leaveData(store, old);
      const atWork = await leaveData(store, live);
      await end(store, claim);
      const held = async (): Promise<readonly string[]> => {
        const dump = (await dumpOf(store)).split("\n").filter((line) => line.includes(old));
        return [...new Set(dump.map((line) => (JSON.parse(line) as { table: string }).table))].sort();
      };

      clock.advance(days(10));
      await store.data.prune({ ...forever, deliveries: 9 });
      const afterBodies = await held();
      await store.data.prune({ ...forever, steps: 9 });
      const afterSteps = await held();
      await store.data.prune({ ...forever, records: 9 });
      const afterRecords = await held();

      expect(afterBodies).toEqual(["blob", "record_event", "run", "step"]);
      expect(afterSteps).toEqual(["record_event", "run"]);
      expect(afterRecords).toEqual([]);
      expect(await store.runs.run(claim.run.id)).toMatchObject({
        attempt: 1,
        issue: { title: "", body: "" },
      });
      expect(await store.runs.unknownDeliveries([request.trigger.delivery])).toEqual([]);
      const dump = await dumpOf(store);
      expect(dump.split("\n").filter((line) => line.includes(live)).length).toBeGreaterThanOrEqual(5);

      clock.advance(days(31));
      await store.data.prune({ ...forever, deliveries: 9 });
      expect(await store.runs.unknownDeliveries([request.trigger.delivery])).toHaveLength(1);
      await end(store, atWork.claim);
    });

    test("gives out, removes and ages out copies of files, which no issue has", async () => {
      const { store, clock } = makeSubject();
      const repo = { owner: "Octo", name: `repo-${randomUUID().slice(0, 8)}` };
      const installation = 1_000 + Math.floor(Math.random() * 1e9);
      const place = { installation, repo, path: ".github/copatcher.yml" };
      const keep = () => store.files.keep(place, new TextEncoder().encode("enabled: false"));
      const removed = async (scope: DataScope) => (await store.data.remove(scope))["fileCopies"];
      const staysWhenPruned = async () => {
        await store.data.prune({ ...forever, steps: 9 });
        return (await store.files.find(place)) !== undefined;
      };
      await keep();

      const given = (await lines(store, { kind: "repository", repo })).filter((line) =>
        line.includes("file_copy"),
      );
      expect(given).toHaveLength(1);
      expect(await removed({ kind: "issue", issue: { repo, number: 1 } })).toBe(0);
      expect(await removed({ kind: "repository", repo })).toBe(1);
      await keep();
      expect(await removed({ kind: "installation", installation })).toBe(1);

      await keep();
      clock.advance(days(5));
      await keep();
      clock.advance(days(5));
      expect(await staysWhenPruned()).toBe(true);
      clock.advance(days(5));
      expect(await staysWhenPruned()).toBe(false);
    });

    test("removes nothing for whoever keeps everything", async () => {
      const { store, clock } = makeSubject();
      const marker = `marker-${randomUUID()}`;
      const { claim } = await leaveData(store, marker);
      await end(store, claim);
      const before = await dumpOf(store);

      clock.advance(days(4_000));
      await store.data.prune(forever);

      expect((await dumpOf(store)) === before).toBe(true);
    });

    test("still stores a step whose text loses its last other step at the same time", async () => {
      const { store, clock } = makeSubject();
      const { claim } = await beginRun(store.runs);
      const long = (round: number): string => `${round}`.padEnd(70_000, "y");
      for (let round = 0; round < 10; round += 1) {
        const other = await beginRun(store.runs);
        await store.journal(other.claim).step("long", {}, z.string(), async () => long(round));
        await end(store, other.claim);
        clock.advance(1_000);

        await Promise.all([
          store.data.prune({ ...forever, steps: 1e-9 }),
          store.journal(claim).step(`step-${round}`, {}, z.string(), async () => long(round)),
        ]);
      }

      const again = store.journal(claim).step("step-9", {}, z.string(), () => Promise.reject(new Error()));
      expect((await again) === long(9)).toBe(true);
      await end(store, claim);
    });
  });

  describe(`${name} as a StoreBackup`, () => {
    test("refuses to restore into a store that holds something", async () => {
      const { store } = makeSubject();
      await store.runs.request(makeRunRequest(), policy);

      await expect(store.backup.restore(none())).rejects.toMatchObject({ code: "usage" });
    });
  });
}

async function* none(): AsyncIterable<unknown> {}
