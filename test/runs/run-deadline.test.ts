import { expect, test } from "vitest";
import type { Clock } from "../../src/ports/clock.ts";
import { interruptOf } from "../../src/runs/run-control.ts";
import { limitRunTime } from "../../src/runs/run-deadline.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";

const never = (): AbortSignal => new AbortController().signal;
const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener("abort", resolve));
const control = () => ({ signal: never(), stop: never() });

test("a run is asked to finish when its time is over, and broken off a quarter of it later", async () => {
  const clock = createFixedClock();
  const startedAt = clock.now();
  const limited = limitRunTime(clock, control(), { minutes: 40, startedAt });

  await aborted(limited.stop);
  const stopped = clock.now() - startedAt;
  await aborted(limited.signal);

  expect(stopped).toBe(40 * 60_000);
  expect(clock.now() - startedAt).toBe(50 * 60_000);
  expect(interruptOf(limited.signal)).toEqual({ kind: "too-long", minutes: 40 });
});

test("a run whose clock was set back gets no more than its time", async () => {
  const slept: number[] = [];
  const clock: Clock = {
    now: () => Date.UTC(2026, 0, 1),
    async sleep(milliseconds) {
      slept.push(milliseconds);
    },
  };
  const limited = limitRunTime(clock, control(), { minutes: 40, startedAt: Date.UTC(2027, 0, 1) });

  await aborted(limited.signal);

  expect(slept).toEqual([40 * 60_000, 10 * 60_000]);
});

test("a limit that is tightened later counts from the begin, and a longer one changes nothing", async () => {
  const clock = createFixedClock();
  const startedAt = clock.now();
  const limited = limitRunTime(clock, control(), { minutes: Infinity, startedAt });

  limited.tighten(20);
  limited.tighten(90);
  limited.tighten(Infinity);
  await aborted(limited.signal);

  expect(clock.now() - startedAt).toBe(25 * 60_000);
  expect(interruptOf(limited.signal)).toEqual({ kind: "too-long", minutes: 20 });
});

test("a run that has ended is asked for nothing more", async () => {
  const clock = createFixedClock();
  const limited = limitRunTime(clock, control(), { minutes: 1, startedAt: clock.now() });

  limited.end();
  clock.advance(10 * 60_000);
  await clock.sleep(1);

  expect([limited.stop.aborted, limited.signal.aborted]).toEqual([false, false]);
});

test("a run knows how much of its time is left, and how much more for what its result needs", async () => {
  const clock = createFixedClock();
  const limited = limitRunTime(clock, control(), { minutes: Infinity, startedAt: clock.now() });
  expect(limited.timeLeft(false)).toBe(Infinity);

  limited.tighten(40);
  limited.tighten(90);
  clock.advance(30 * 60_000);

  expect([limited.timeLeft(false), limited.timeLeft(true)]).toEqual([10 * 60_000, 20 * 60_000]);
  clock.advance(60 * 60_000);
  expect([limited.timeLeft(false), limited.timeLeft(true)]).toEqual([0, 0]);
  limited.end();
});
