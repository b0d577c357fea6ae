import { readFile } from "node:fs/promises";
import { setImmediate as nextTurn, setTimeout as realDelay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../../src/simulator/clock/virtual-clock.ts";

test("an hour passes at once for code that only sleeps", async () => {
  const clock = createVirtualClock(0);

  const woken = await clock.run(async () => {
    const times: number[] = [];
    const sleeper = async (pause: number): Promise<void> => {
      for (let slept = 0; slept < 3_600_000; slept += pause) {
        await clock.sleep(pause);
        times.push(clock.now());
      }
    };
    await Promise.all([sleeper(600_000), sleeper(1_000_000)]);
    return times;
  });

  expect(woken).toEqual([
    600_000, 1_000_000, 1_200_000, 1_800_000, 2_000_000, 2_400_000, 3_000_000, 3_000_000, 3_600_000,
    4_000_000,
  ]);
});

describe("time stands still while the code", () => {
  const stillAfter = async (work: (clock: ReturnType<typeof createVirtualClock>) => Promise<unknown>) => {
    const clock = createVirtualClock(0);
    // Something later is always waiting, so that time could run away.
    const later = clock.sleep(1_000_000);
    const end = await clock.run(async () => {
      await clock.sleep(10);
      await work(clock);
      return clock.now();
    });
    await clock.untilIdle();
    await later;
    return end;
  };

  test.each([
    [
      "follows long chains of promises",
      async () => {
        for (let link = 0; link < 1_000; link += 1) await Promise.resolve();
      },
    ],
    [
      "waits for immediates",
      async () => {
        for (let turn = 0; turn < 20; turn += 1) await nextTurn();
      },
    ],
    [
      "reads files",
      async () => {
        for (let times = 0; times < 5; times += 1) await readFile(new URL(import.meta.url));
      },
    ],
  ])("%s", async (_what, work) => {
    expect(await stillAfter(work)).toBe(10);
  });

  test("does work that it says is outside", async () => {
    expect(await stillAfter((clock) => clock.outside(realDelay(30)))).toBe(10);
  });
});

test("says so when the work waits for nothing that can come", async () => {
  const clock = createVirtualClock(0);

  await expect(clock.run(() => new Promise(() => undefined))).rejects.toMatchObject({ code: "internal" });
});

test("goes on after real time that nobody announced, when nothing else is to be done", async () => {
  const clock = createVirtualClock(0);

  expect(
    await clock.run(async () => {
      await realDelay(60);
      await clock.sleep(5);
      return clock.now();
    }),
  ).toBe(5);
});

test("hands on what the work throws", async () => {
  const clock = createVirtualClock(0);
  const run = clock.run(async () => {
    await clock.sleep(5);
    throw new Error("boom");
  });

  await expect(run).rejects.toThrow("boom");
});

test("can be driven from one place only", async () => {
  const clock = createVirtualClock(0);
  const first = clock.run(() => clock.sleep(5));

  await expect(clock.untilIdle()).rejects.toMatchObject({ code: "internal" });
  await first;
});

test("runs events of the same time in the order they were added, and no cancelled one", async () => {
  const clock = createVirtualClock(0);
  const seen: string[] = [];
  const add = (name: string, time: number): (() => void) =>
    clock.at(time, () => {
      seen.push(`${name} ${clock.now()}`);
      return "quiet";
    });
  add("c", 7);
  add("a", 5);
  add("cancelled", 5)();
  add("b", 5);
  add("past", -3);

  await clock.untilIdle();

  expect(seen).toEqual(["past 0", "a 5", "b 5", "c 7"]);
});
