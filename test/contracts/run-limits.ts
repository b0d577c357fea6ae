import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import type { RunKind } from "../../src/domain/run.ts";
import type { RunStore } from "../../src/ports/run-store.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";
import { claimed, created, declined, lost } from "./run-store-subject.ts";

/** Which requests a run store refuses for what an issue and its repository have used already. */
export function runLimitsContract(name: string, open: () => RunStore): void {
  describe(`${name} as a RunStore, asked for more runs than are allowed`, () => {
    test("refuses a repair beyond the day's runs with the limit and what is used", async () => {
      const store = open();
      const name = `limited-${randomUUID()}`;
      const of = (number: number) => {
        const request = makeRunRequest(number);
        const ref = { repo: { owner: "octo", name }, number };
        return { ...request, issue: { ...request.issue, ref } };
      };
      const limits = { ...unlimited, runsPerDay: 2 };
      await created(store, of(1), { limits });
      await created(store, of(2), { limits });

      const third = await store.request(of(3), { ...policy, limits });
      const check = await store.request({ ...of(3), kind: "environment-check" }, { ...policy, limits });

      expect(third).toEqual({ kind: "limited", hit: { limit: "runsPerDay", allowed: 2, used: 2 } });
      expect(check.kind).toBe("created");
    });

    test("refuses more runs of an issue than it may have, whenever they were", async () => {
      const store = open();
      const first = makeRunRequest();
      const ask = (number: number, runsPerIssue: number) =>
        store.request(makeRunRequest(number), { ...policy, limits: { ...unlimited, runsPerIssue } });
      const { number } = first.issue.ref;
      await store.requestCancel((await created(store, first)).id, "mona");
      const begun = await claimed(store, await created(store, makeRunRequest(number)));
      await store.advance(begun, { kind: "ended", state: declined });

      const second = await ask(number, 1);

      expect(second).toEqual({ kind: "limited", hit: { limit: "runsPerIssue", allowed: 1, used: 1 } });
      expect((await ask(makeRunRequest().issue.ref.number, 1)).kind).toBe("created");
      expect((await ask(number, 2)).kind).toBe("created");
    });

    test("counts no run of the day that was cancelled before it was begun, and every token", async () => {
      const store = open();
      const repo = { owner: "octo", name: `spared-${randomUUID()}` };
      const of = (number: number) => {
        const request = makeRunRequest(number);
        return { ...request, issue: { ...request.issue, ref: { repo, number } } };
      };
      const ask = (number: number, limits: object) =>
        store.request(of(number), { ...policy, limits: { ...unlimited, ...limits } });
      await store.requestCancel((await created(store, of(1))).id, "mona");
      const worked = await claimed(store, await created(store, of(2)));
      const postponement = { until: worked.startedAt - 3_600_000, code: "forge-unavailable" as const };
      await store.advance(worked, { kind: "postponed", postponement }, 5_000);
      const again = await claimed(store, worked.run);
      await store.advance(again, { kind: "ended", state: { at: "cancelled", by: "mona" } }, 10);

      const second = await ask(3, { runsPerDay: 2 });
      const tokens = await ask(4, { tokensPerDay: 5_000 });

      expect(second.kind).toBe("created");
      expect(tokens).toMatchObject({ kind: "limited", hit: { limit: "tokensPerDay", used: 5_000 } });
    });

    test("counts what a run that still works has used, of its holder only", async () => {
      const store = open();
      const repo = { owner: "octo", name: `working-${randomUUID()}` };
      const of = (number: number) => {
        const request = makeRunRequest(number);
        return { ...request, issue: { ...request.issue, ref: { repo, number } } };
      };
      const ask = (number: number) =>
        store.request(of(number), { ...policy, limits: { ...unlimited, tokensPerDay: 5_000 } });
      const first = await claimed(store, await created(store, of(1)));
      await store.release(first);
      const claim = await claimed(store, first.run);

      await expect(store.heartbeat(first, 9_000)).rejects.toMatchObject(lost);
      await store.heartbeat(claim, 4_999);
      expect((await ask(2)).kind).toBe("created");
      await store.heartbeat(claim, 5_000);
      // one that does not know how many takes none back
      await store.heartbeat(claim);

      expect(await ask(3)).toMatchObject({ kind: "limited", hit: { limit: "tokensPerDay", used: 5_000 } });
    });

    test("counts tokens and open pull requests of the repository", async () => {
      const store = open();
      const repo = { owner: "octo", name: `counted-${randomUUID()}` };
      const of = (number: number) => {
        const request = makeRunRequest(number);
        return { ...request, issue: { ...request.issue, ref: { repo, number } } };
      };
      const claim = await claimed(store, await created(store, of(1)));
      await store.advance(
        claim,
        { kind: "ended", state: { at: "proposed", pullRequest: 31, url: "https://forge/31" } },
        5_000,
      );
      const ask = (limits: object) =>
        store.request(of(2), { ...policy, limits: { ...unlimited, ...limits } });

      const tokens = await ask({ tokensPerDay: 4_000 });
      const open1 = await ask({ openPullRequests: 1 });
      const ours = async () =>
        (await store.openPullRequests(100)).filter((one) => one.repo.name === repo.name);
      expect(await ours()).toEqual([{ installation: claim.run.installation, repo, number: 31 }]);
      await store.notePullRequest({ owner: "OCTO", name: repo.name }, 31, false);
      expect(await ours()).toEqual([]);
      const closed = await ask({ openPullRequests: 1, tokensPerDay: 5_001 });

      expect(tokens).toEqual({
        kind: "limited",
        hit: { limit: "tokensPerDay", allowed: 4_000, used: 5_000 },
      });
      expect(open1).toEqual({ kind: "limited", hit: { limit: "openPullRequests", allowed: 1, used: 1 } });
      expect(closed.kind).toBe("created");
    });

    test("counts open pull requests only for a run that would open one more", async () => {
      const store = open();
      const repo = { owner: "octo", name: `opening-${randomUUID()}` };
      const ask = (number: number, kind: RunKind = "repair", allowed = 1) => {
        const request = makeRunRequest(number);
        return store.request(
          { ...request, kind, issue: { ...request.issue, ref: { repo, number } } },
          { ...policy, limits: { ...unlimited, openPullRequests: allowed } },
        );
      };
      const first = await ask(1);
      if (first.kind !== "created") throw new Error(first.kind);
      const state = { at: "proposed", pullRequest: 31, url: "https://forge/31" } as const;
      await store.advance(await claimed(store, first.run), { kind: "ended", state });

      const outcomes = [await ask(31, "revision"), await ask(32, "test-addition"), await ask(1)];
      const other = await ask(2);

      expect(outcomes.map(({ kind }) => kind)).toEqual(["created", "created", "created"]);
      expect(other).toEqual({ kind: "limited", hit: { limit: "openPullRequests", allowed: 1, used: 1 } });
      expect((await ask(2, "repair", 2)).kind).toBe("created");
    });
  });
}
