import { expect, test } from "vitest";
import { executeRun } from "../../src/runs/execute-run.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";

const never = controlOf();

test("a sandbox that cannot be cleared away costs no finished result", async () => {
  const world = await makeWorld();
  const { tools } = world.deps;
  const sandbox = {
    ...tools.sandbox,
    open: async (...request: Parameters<typeof tools.sandbox.open>) => ({
      ...(await tools.sandbox.open(...request)),
      close: () => Promise.reject(new Error("the volume is in use")),
    }),
  };

  await executeRun({ ...world.deps, tools: { ...tools, sandbox } }, await world.claim(), never);

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.logger.lines.map((line) => line.text)).toContain("the sandbox session was not cleared away");
});

test("a report that cannot be stored costs no pull request", async () => {
  const world = await makeWorld();
  const reports = { save: () => Promise.reject(new Error("ENOSPC")) };

  await executeRun({ ...world.deps, reports }, await world.claim(), never);

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.logger.lines.map((line) => line.text)).toContain("the run's report was not stored");
});
