import { expect, test } from "vitest";
import type { EnvironmentPlan } from "../../src/domain/environment.ts";
import { openBuildLog } from "../../src/driver/build-log.ts";
import { runSteps } from "../../src/driver/setup-steps.ts";

const plan: EnvironmentPlan = {
  source: "setup.py",
  inputs: [],
  steps: ["install", "deactivate"].map((name) => ({ name, script: name })),
  activate: "",
  base: { kind: "image", image: null },
  blobs: [],
};

/** The steps that were begun where the first ends so after these words, and how the set-up ended. */
async function setUp(code: number, words: string) {
  const begun: string[] = [];
  const log = await openBuildLog(null, () => {});
  const done = runSteps(
    plan,
    log,
    () => [],
    ({ name }) => {
      begun.push(name);
      log.output(new TextEncoder().encode(words));
      return Promise.resolve({ kind: "exited", code: name === "install" ? code : 0 });
    },
  );
  const failure: unknown = await done.then(
    () => null,
    (error: unknown) => error,
  );
  return { begun, failure };
}

test("a set-up that fails without a word of it has failed, and what would follow is not begun", async () => {
  expect(await setUp(1, "all well\n")).toEqual({
    begun: ["install"],
    failure: expect.objectContaining({ code: "environment-failed", message: "setup.py: install: exit 1" }),
  });
});

test("a set-up that prints errors and succeeds has succeeded", async () => {
  expect(await setUp(0, "error: no wheel, building from source\n")).toEqual({
    begun: ["install", "deactivate"],
    failure: null,
  });
});
