import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createPatience } from "../../../src/adapters/postgres/patience.ts";
import { RepairError } from "../../../src/domain/errors.ts";

const away = () => Promise.reject(new RepairError("store-unavailable", "It is starting."));
const never = new AbortController().signal;
const secondsOf = async (work: Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work.catch(() => undefined);
  return (performance.now() - begun) / 1_000;
};

test("asks again until the database is there", async () => {
  const patiently = createPatience({ longestMs: 30_000, signal: never });
  const back = performance.now() + 2_500;

  const answer = await patiently(() => (performance.now() < back ? away() : Promise.resolve("stored")));

  expect(answer).toBe("stored");
});

test("gives up when its time is over, and many that wait give up together", async () => {
  const patiently = createPatience({ longestMs: 1_000, signal: never });
  const oneByOne = async () => {
    for (let step = 0; step < 20; step += 1) await patiently(away).catch(() => undefined);
  };

  expect(await secondsOf(oneByOne())).toBeLessThan(3);
  await expect(patiently(away)).rejects.toMatchObject({ code: "store-unavailable" });
});

test("waits a moment only once the run is broken off", async () => {
  const broken = new AbortController();
  const patiently = createPatience({ longestMs: 60_000, signal: broken.signal });
  const waiting = secondsOf(patiently(away));

  await sleep(300);
  broken.abort();

  expect(await waiting).toBeLessThan(5);
});

test("does nothing twice that went wrong by itself", async () => {
  let tries = 0;
  const patiently = createPatience({ longestMs: 30_000, signal: never });
  const failing = patiently(() => Promise.reject(new RepairError("lease-lost", `${++tries}`)));

  await expect(failing).rejects.toMatchObject({ code: "lease-lost" });

  expect(tries).toBe(1);
});
