import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { TakeDuty } from "../../../src/adapters/github/only-one.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import type { IssueRef } from "../../../src/domain/issue.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { Forge } from "../../../src/ports/forge.ts";
import { baseFiles } from "../../contracts/forge.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createMemoryJobQueue } from "../../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../../fakes/memory-run-store.ts";
import { asEntries } from "../../fixtures/make-repository.ts";
import { makeFaultyWorld, type Fate, type FaultyWorld } from "./faulty-github.ts";

const repo = { owner: "acme", name: "rates" };
const marker = "<!-- m -->";

let world: FaultyWorld;
let issue: IssueRef;
beforeAll(async () => {
  world = await makeFaultyWorld(asEntries(baseFiles));
});
beforeEach(async () => {
  world.wire.fate = () => "passes";
  issue = { repo, number: await world.github.openIssue("Bug", "It breaks", "rita") };
  world.wire.writes.length = 0;
});
afterAll(() => world.close());

/** Processes that share a store, and with it whose turn it is to create something. */
function processes(clock: Clock) {
  const runs = createMemoryRunStore(createMemoryJobQueue(), { clock });
  /** One that waits for `before` when it is about to create something. */
  const start = (before: () => Promise<void> = async () => {}): Forge => {
    const takeDuty: TakeDuty = async (name, forMs) => {
      await before();
      return runs.takeDuty(name, forMs);
    };
    return world.startProcess(clock, takeDuty).forInstallation(world.github.installationId);
  };
  return { start };
}

const say = (forge: Forge, attempt: number): Promise<number | null> =>
  forge.upsertComment(issue, marker, `run ${attempt}`, { run: `run-${attempt}`, attempt, fence: 1 });
const said = async () =>
  (await world.github.comments(issue.number)).map(({ body }) => body.split("\n").at(-1));
const methods = () => world.wire.writes.map((write) => write.split(" ")[0]);

/** Requests wait until two of their kind have come this far. */
function both(kind: (passing: { readonly path: string; readonly write: boolean }) => boolean) {
  let [seen, open]: [number, () => void] = [0, () => undefined];
  const two = new Promise<void>((resolve) => (open = resolve));
  return async (passing: { readonly path: string; readonly write: boolean }): Promise<Fate> => {
    if (seen < 2 && kind(passing)) {
      seen += 1;
      if (seen === 2) open();
      await two;
    }
    return "passes";
  };
}

test("of two processes that both found no comment one writes it, and the other edits it", async () => {
  const { start } = processes(createSystemClock());
  world.wire.fate = both(({ path, write }) => !write && path.includes("/comments"));

  const ids = await Promise.all([say(start(), 1), say(start(), 2)]);

  expect(new Set(ids).size).toBe(1);
  expect(methods().filter((method) => method === "POST")).toHaveLength(1);
  expect(methods()).not.toContain("DELETE");
  expect(await said()).toEqual(["run 2"]);
});

test("who looked long before its turn came looks once more", async () => {
  const clock = createFixedClock(0);
  const { start } = processes(clock);
  const slow = start(async () => {
    if (world.wire.writes.length > 0) return;
    await say(start(), 1);
    clock.advance(60_000);
  });

  await say(slow, 2);

  expect(methods()).toEqual(["POST", "PATCH"]);
  expect(await said()).toEqual(["run 2"]);
});

test("a comment whose writer dies while it is on its way is waited for, and edited", async () => {
  const { start } = processes(createSystemClock());
  let dead = false;
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  world.wire.fate = async ({ write }): Promise<Fate> => {
    if (dead || !write) return "passes";
    dead = true;
    await arrived;
    return "unanswered";
  };
  const dying = say(start(), 1).catch(() => undefined);
  await expect.poll(() => dead).toBe(true);

  const next = say(start(), 2);
  await sleep(200);
  arrive();
  await Promise.all([dying, next]);

  expect(methods().filter((method) => method === "POST")).toHaveLength(1);
  expect(await said()).toEqual(["run 2"]);
});

test("a comment whose writer died before it was sent is written when its turn is over", async () => {
  const clock = createFixedClock(0);
  const { start } = processes(clock);
  world.wire.fate = ({ write }) => (write ? "lost" : "passes");
  await expect(say(start(), 1)).rejects.toMatchObject({ code: "forge-unavailable" });
  world.wire.fate = () => "passes";
  const died = clock.now();

  await say(start(), 2);

  expect(clock.now() - died).toBeGreaterThan(14_000);
  expect(await said()).toEqual(["run 2"]);
});

test("of two processes that both found no issue of the bot's one opens it", async () => {
  const { start } = processes(createSystemClock());
  world.wire.fate = both(({ path, write }) => !write && path.includes("/issues?"));
  const wanted = { marker: "<!-- own -->", title: "Settings", body: "are wrong", open: true };

  const numbers = await Promise.all([start(), start()].map((forge) => forge.upsertIssue(repo, wanted)));

  expect(new Set(numbers).size).toBe(1);
  expect(methods()).toEqual(["POST"]);
});
