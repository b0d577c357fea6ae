import { setTimeout as realDelay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createScaledTimeline } from "../../../src/simulator/clock/scaled-timeline.ts";

const reached = (timeline: ReturnType<typeof createScaledTimeline>, time: number): Promise<number> =>
  new Promise((resolve) => {
    timeline.at(time, () => {
      resolve(timeline.now());
      return "woke";
    });
  });

test("takes no time at scale 0, in the order of the events", async () => {
  const timeline = createScaledTimeline(0);

  expect(await Promise.all([reached(timeline, 9_000_000), reached(timeline, 5)])).toEqual([9_000_000, 5]);
});

test("takes a hundredth at scale 0.01, and tells events their own time", async () => {
  const timeline = createScaledTimeline(0.01);
  const started = performance.now();

  expect(await reached(timeline, 5_000)).toBe(5_000);

  expect(performance.now() - started).toBeGreaterThanOrEqual(45);
});

test("runs no cancelled event, and none once stopped", async () => {
  const timeline = createScaledTimeline(1);
  const seen: string[] = [];
  const note = (name: string) => (): "quiet" => {
    seen.push(name);
    return "quiet";
  };
  timeline.at(1, note("cancelled"))();
  timeline.at(5, note("run"));
  await reached(timeline, 10);
  timeline.at(timeline.now() + 5, note("stopped"));
  timeline.stop();
  await realDelay(20);

  expect(seen).toEqual(["run"]);
});
