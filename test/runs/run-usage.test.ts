import { expect, test } from "vitest";
import { executeRun } from "../../src/runs/execute-run.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";

test("what a run has used by now can be asked while it works", async () => {
  const world = await makeWorld();
  let tokens = (): number => -1;
  const atFirst: number[] = [];
  const meter = (used: () => number): void => {
    tokens = used;
    atFirst.push(used());
  };

  await executeRun(world.deps, await world.claim(), { ...controlOf(), meter });

  expect(atFirst).toEqual([0]);
  expect(tokens()).toBeGreaterThan(0);
});
