import { expect, test } from "vitest";
import { createBreaker, type Breaker, type CallEnd } from "../../../src/adapters/openai/breaker.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A breaker of a server whose health the test decides. */
function watched() {
  const clock = createFixedClock();
  const server = { healthy: false, asked: 0 };
  const states: string[] = [];
  const breaker = createBreaker({
    clock,
    isHealthy: () => {
      server.asked += 1;
      return Promise.resolve(server.healthy);
    },
    onChange: (state) => states.push(state),
  });
  return { breaker, clock, server, states };
}

function call(breaker: Breaker, result: CallEnd): void {
  breaker.enter()?.ended(result);
}

function broken() {
  const world = watched();
  for (let at = 0; at < 3; at += 1) call(world.breaker, "refused");
  return world;
}

async function recovered() {
  const world = broken();
  world.server.healthy = true;
  world.clock.advance(2_000);
  world.breaker.poll();
  await settled();
  return world;
}

test("opens after three failures in a row, of whichever kind", () => {
  const { breaker } = watched();

  call(breaker, "refused");
  call(breaker, "broken");
  expect(breaker.isPassable()).toBe(true);
  call(breaker, "refused");

  expect(breaker.isPassable()).toBe(false);
  expect(breaker.enter()).toBeNull();
});

test("counts the failures anew after an answer, and calls that were cancelled not at all", () => {
  const { breaker } = watched();

  for (const result of [
    "refused",
    "refused",
    "answered",
    "refused",
    "aborted",
    "refused",
    "aborted",
  ] as const)
    call(breaker, result);

  expect(breaker.isPassable()).toBe(true);
});

test("counts a call once, however often its end is told", () => {
  const { breaker } = watched();
  const pass = breaker.enter();

  for (let at = 0; at < 5; at += 1) pass?.ended("refused");

  expect(breaker.isPassable()).toBe(true);
});

test("asks for health every two seconds while it is open, one question at a time", async () => {
  const { breaker, clock, server } = broken();

  breaker.poll();
  expect(server.asked).toBe(0);
  clock.advance(2_000);
  breaker.poll();
  breaker.poll();
  await settled();
  breaker.poll();
  expect(server.asked).toBe(1);
  clock.advance(2_000);
  breaker.poll();

  expect(server.asked).toBe(2);
});

test("lets one call try when the health is good again, and all when that is answered", async () => {
  const { breaker, states } = await recovered();

  const trial = breaker.enter();
  expect(trial).not.toBeNull();
  expect(breaker.isPassable()).toBe(false);
  trial?.ended("answered");

  expect(breaker.isPassable()).toBe(true);
  expect(states).toEqual(["open", "half-open", "half-open", "closed"]);
});

test("stays away longer when the call that tries fails too", async () => {
  const { breaker, clock } = await recovered();
  const since = clock.now() - 2_000;

  call(breaker, "broken");

  expect(breaker.isPassable()).toBe(false);
  expect(breaker.awaySince()).toBe(since);
});

test("lets another call try when the one that tried was cancelled", async () => {
  const { breaker } = await recovered();

  call(breaker, "aborted");

  expect(breaker.enter()).not.toBeNull();
});

test("does not wait for the end of a long answer: ten seconds without a failure are enough", async () => {
  const { breaker, clock } = await recovered();
  breaker.enter();

  clock.advance(9_999);
  expect(breaker.isPassable()).toBe(false);
  clock.advance(1);

  expect(breaker.enter()).not.toBeNull();
  expect(breaker.enter()).not.toBeNull();
});

test("the late failure of a call from before does not end the trial", async () => {
  const { breaker, clock, server } = watched();
  const old = breaker.enter();
  for (let at = 0; at < 3; at += 1) call(breaker, "refused");
  server.healthy = true;
  clock.advance(2_000);
  breaker.poll();
  await settled();
  const trial = breaker.enter();

  old?.ended("broken");
  expect(breaker.awaySince()).toBeNull();
  trial?.ended("answered");

  expect(breaker.isPassable()).toBe(true);
});

test("an answer to a call from before closes it", () => {
  const { breaker } = watched();
  const old = breaker.enter();
  for (let at = 0; at < 3; at += 1) call(breaker, "refused");

  old?.ended("answered");

  expect(breaker.isPassable()).toBe(true);
});

test("takes a health check that throws for a bad sign", async () => {
  const clock = createFixedClock();
  const breaker = createBreaker({
    clock,
    isHealthy: () => Promise.reject(new Error("no route")),
    onChange: () => undefined,
  });
  for (let at = 0; at < 3; at += 1) call(breaker, "refused");

  clock.advance(2_000);
  breaker.poll();
  await settled();

  expect(breaker.isPassable()).toBe(false);
});
