import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { OpenPullRequest } from "../../src/ports/run-store.ts";
import { noteMissedClosings } from "../../src/runs/missed-closings.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const repo = { owner: "octo", name: "parcels" };
const open: readonly OpenPullRequest[] = [1, 2, 3].map((number) => ({ installation: 7, repo, number }));

/** Pull request 2 was closed; what `errors` names cannot be asked about. */
function makeWorld(errors: Readonly<Record<number, RepairError>> = {}) {
  const noted: number[] = [];
  const clock = createFixedClock();
  const store = createMemoryRunStore(createMemoryJobQueue(), { clock });
  const deps = {
    logger: createSilentLogger(),
    app: {
      async isPullRequestOpen(_installation: number, _repo: object, number: number) {
        const error = errors[number];
        if (error !== undefined) throw error;
        return number !== 2;
      },
    },
    runs: {
      ...store,
      openPullRequests: async () => open,
      notePullRequest: async (_repo: object, number: number, stillOpen: boolean) =>
        void (stillOpen || noted.push(number)),
    },
  };
  return { noted, clock, look: () => noteMissedClosings(deps) };
}

test("a pull request that was closed unheard no longer counts as open", async () => {
  const { noted, look } = makeWorld();

  await look();

  expect(noted).toEqual([2]);
});

test("it is looked once a day by one process", async () => {
  const { noted, clock, look } = makeWorld();
  await look();

  clock.advance(22 * 60 * 60_000);
  await look();
  expect(noted).toEqual([2]);
  clock.advance(2 * 60 * 60_000);
  await look();
  expect(noted).toEqual([2, 2]);
});

test("a repository that may not be read keeps nobody else's from being looked at", async () => {
  const { noted, look } = makeWorld({ 1: new RepairError("forge-rejected", "not accessible") });

  await look();

  expect(noted).toEqual([2]);
});

test("a forge that is away or asks for a pause ends the look", async () => {
  const error = new RepairError("forge-unavailable", "slow down", { data: { retryAfter: 60 } });
  const { noted, look } = makeWorld({ 1: error });

  await expect(look()).rejects.toBe(error);

  expect(noted).toEqual([]);
});

test("a look that a forge ended is not taken up again at once, but an hour later", async () => {
  const errors: Record<number, RepairError> = { 1: new RepairError("forge-unavailable", "away") };
  const { noted, clock, look } = makeWorld(errors);
  await expect(look()).rejects.toThrow("away");
  delete errors[1];

  await look();
  expect(noted).toEqual([]);
  clock.advance(60 * 60_000);
  await look();
  expect(noted).toEqual([2]);
});
