import { array, assert, integer, property, record } from "fast-check";
import { expect, test } from "vitest";
import { unlimited, limitHit } from "../../src/domain/limits.ts";
import { nextRun, type WaitingRun } from "../../src/domain/next-run.ts";

const run = (id: string, changes: Partial<WaitingRun> = {}): WaitingRun => ({
  id,
  issue: `octo/a#${id}`,
  installation: 1,
  repository: "octo/a",
  priority: 0,
  sequence: Number(id),
  atOnce: null,
  ...changes,
});
const idle = { working: [], served: new Map<number, number>() };

test("the oldest request is first", () => {
  expect(nextRun([run("2"), run("1")], idle, unlimited)).toBe("1");
});

test("priority goes before age", () => {
  expect(nextRun([run("1"), run("2", { priority: 10 })], idle, unlimited)).toBe("2");
});

test("an installation with nothing at work goes before one that has a run", () => {
  const waiting = [run("2"), run("3", { installation: 2, repository: "mona/b" })];
  expect(nextRun(waiting, { ...idle, working: [run("1")] }, unlimited)).toBe("3");
});

test("with one worker, installations take turns however many runs one of them has", () => {
  const waiting = [run("2"), run("3"), run("9", { installation: 2, repository: "mona/b" })];
  expect(nextRun(waiting, { working: [], served: new Map([[1, 500]]) }, unlimited)).toBe("9");
});

test("repositories of one installation share it", () => {
  const waiting = [run("2"), run("3", { repository: "octo/b" })];
  expect(nextRun(waiting, { ...idle, working: [run("1")] }, unlimited)).toBe("3");
});

test("a run waits for the run of its issue that is at work", () => {
  expect(nextRun([run("2", { issue: "octo/a#1" })], { ...idle, working: [run("1")] }, unlimited)).toBeNull();
});

test("nothing begins beyond what an installation or a repository may have at work", () => {
  const busy = { ...idle, working: [run("1")] };
  expect(nextRun([run("2")], busy, { ...unlimited, installationRuns: 1 })).toBeNull();
  expect(nextRun([run("2")], busy, { ...unlimited, repositoryRuns: 1 })).toBeNull();
  expect(nextRun([run("2", { repository: "octo/b" })], busy, { ...unlimited, repositoryRuns: 1 })).toBe("2");
});

test("a run waits while its repository has as many at work as it wants, and no run of another one", () => {
  const busy = { ...idle, working: [run("1")] };
  expect(nextRun([run("2", { atOnce: 1 })], busy, unlimited)).toBeNull();
  expect(nextRun([run("2", { atOnce: 2 })], busy, unlimited)).toBe("2");
  expect(nextRun([run("2", { atOnce: 2 })], busy, { ...unlimited, repositoryRuns: 1 })).toBeNull();
  expect(nextRun([run("2", { repository: "octo/b", atOnce: 1 })], busy, unlimited)).toBe("2");
});

test("every run is begun once, and never more than allowed at a time", () => {
  const waiting = array(
    record({
      installation: integer({ min: 1, max: 3 }),
      repo: integer({ min: 1, max: 3 }),
      priority: integer({ min: 0, max: 2 }),
    }),
    { maxLength: 25 },
  );
  assert(
    property(waiting, integer({ min: 1, max: 3 }), (items, installationRuns) => {
      let queue = items.map(({ installation, repo, priority }, i) =>
        run(String(i), { installation, repository: `o${installation}/r${repo}`, priority }),
      );
      let working: WaitingRun[] = [];
      const begun: string[] = [];
      for (let step = 0; step < 200; step++) {
        const id = nextRun(queue, { ...idle, working }, { ...unlimited, installationRuns });
        const next = queue.find((candidate) => candidate.id === id);
        if (next === undefined) {
          working = working.slice(1);
          continue;
        }
        queue = queue.filter((candidate) => candidate !== next);
        working = [...working, next];
        begun.push(next.id);
        for (const { installation } of working) {
          expect(working.filter((other) => other.installation === installation).length).toBeLessThanOrEqual(
            installationRuns,
          );
        }
      }
      expect(begun.toSorted()).toEqual(items.map((_, i) => String(i)).toSorted());
    }),
  );
});

test("the limit that leaves no room is named with what is used", () => {
  const load = { runsPerIssue: 2, runsPerDay: 3, tokensPerDay: 900, openPullRequests: 5, ownIsOpen: false };
  expect(limitHit(unlimited, load, "repair")).toBeNull();
  expect(
    limitHit({ ...unlimited, runsPerDay: 4, tokensPerDay: 901, openPullRequests: 6 }, load, "repair"),
  ).toBeNull();
  expect(limitHit({ ...unlimited, runsPerDay: 3 }, load, "repair")).toEqual({
    limit: "runsPerDay",
    allowed: 3,
    used: 3,
  });
  expect(limitHit({ ...unlimited, runsPerIssue: 2, runsPerDay: 3 }, load, "repair")).toEqual({
    limit: "runsPerIssue",
    allowed: 2,
    used: 2,
  });
  expect(limitHit({ ...unlimited, openPullRequests: 2 }, load, "repair")).toEqual({
    limit: "openPullRequests",
    allowed: 2,
    used: 5,
  });
  expect(limitHit({ ...unlimited, openPullRequests: 2 }, load, "revision")).toBeNull();
  expect(limitHit({ ...unlimited, openPullRequests: 2 }, { ...load, ownIsOpen: true }, "repair")).toBeNull();
  expect(limitHit({ ...unlimited, tokensPerDay: 500 }, load, "repair")).toEqual({
    limit: "tokensPerDay",
    allowed: 500,
    used: 900,
  });
});
