import { expect, test } from "vitest";
import { createVirtualClock } from "../../../src/simulator/clock/virtual-clock.ts";
import { createEngine, type Engine } from "../../../src/simulator/engine/engine.ts";
import { createGpu } from "../../../src/simulator/engine/gpu.ts";
import { h100Bf16 } from "../../../src/simulator/engine/parameters.ts";
import type { SequenceEnd } from "../../../src/simulator/engine/sequence.ts";
import { createBlockHasher, fillerText } from "../../../src/simulator/engine/tokens.ts";

const hasher = createBlockHasher(h100Bf16.blockTokens, "m");
hasher.add(fillerText(1_600, "prompt"));
const hashes = hasher.result().blocks;

/** Always the same prompt. */
function submit(engine: Engine, outputTokens = 10): { readonly end: () => SequenceEnd | null } {
  let end: SequenceEnd | null = null;
  const onEnd = (given: SequenceEnd): void => void (end = given);
  engine.submit({ promptTokens: 1_600, priority: 0, answers: [{ outputTokens, hashes, onEnd }] });
  return { end: () => end };
}

function idleEngine() {
  const clock = createVirtualClock(0);
  return { clock, engine: createEngine(h100Bf16, clock, createGpu("one")) };
}

test.each([
  [1, 933],
  [2, 14_000],
] as const)("what comes to a sleeping engine waits until it is awake (level %i)", async (level, wakeMs) => {
  const { clock, engine } = idleEngine();
  engine.sleep(level);
  const waiting = submit(engine);
  await clock.untilIdle();
  expect([waiting.end(), engine.counters().waiting, engine.isSleeping()]).toEqual([null, 1, true]);

  let awakeAt = 0;
  engine.wakeUp(() => (awakeAt = clock.now()));
  await clock.untilIdle();

  expect(Math.round(awakeAt)).toBe(wakeMs);
  expect(waiting.end()).toMatchObject({ reason: "finished", startedAt: awakeAt });
  expect(engine.isSleeping()).toBe(false);
});

test("an engine that is put to sleep ends what it works on and forgets its prefixes", async () => {
  const { clock, engine } = idleEngine();
  const before = submit(engine);
  await clock.untilIdle();
  const known = submit(engine);
  await clock.untilIdle();
  const cut = submit(engine, 500);
  clock.at(clock.now() + 200, () => {
    engine.sleep(1);
    return "woke";
  });
  await clock.untilIdle();
  engine.wakeUp(() => undefined);
  const after = submit(engine);
  await clock.untilIdle();

  expect([before, known, after].map(({ end }) => end()?.cachedTokens)).toEqual([0, 1_584, 0]);
  expect(cut.end()).toMatchObject({ reason: "slept" });
  expect(cut.end()?.generatedTokens).toBeGreaterThan(0);
});

test("an engine that is put to sleep while it wakes up sleeps on", async () => {
  const { clock, engine } = idleEngine();
  engine.sleep(1);
  let woken = 0;
  engine.wakeUp(() => (woken += 1));
  engine.sleep(2);
  await clock.untilIdle();

  expect([engine.isSleeping(), woken]).toEqual([true, 1]);
});
