import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { executeRun } from "../../src/runs/execute-run.ts";
import { runOfCheck, showValidation } from "../../src/runs/validation-check.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { controlOf, makeWorld } from "../fixtures/run-world.ts";
import { proposed, run } from "../report/fixtures.ts";

function world() {
  const forge = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: {},
  });
  const logger = createSilentLogger();
  const show = (headSha: string | null) =>
    showValidation({ logger }, forge, { run, result: proposed(), headSha });
  return { forge, logger, show };
}

test("the check leads back to its run", async () => {
  const { forge, show } = world();

  await show("c".repeat(40));

  expect(forge.checks.map(({ check: { externalId } }) => runOfCheck(externalId))).toEqual([run.id]);
  expect(runOfCheck("config:4")).toBeNull();
});

test("where no commit is made there is nothing to check", async () => {
  const { forge, show } = world();

  await show(null);

  expect(forge.checks).toEqual([]);
});

test("a forge that fails costs the check only", async () => {
  const { forge, logger, show } = world();
  forge.breakDown("upsertCheckRun", new RepairError("forge-unavailable", "no answer"));

  await show("c".repeat(40));

  expect(logger.lines.map(({ text }) => text)).toEqual(["the verdict's check was not written"]);
});

test("a worker that lost its run goes no further", async () => {
  const { forge, show } = world();
  forge.breakDown("upsertCheckRun", new RepairError("lease-lost", "another has it"));

  await expect(show("c".repeat(40))).rejects.toMatchObject({ code: "lease-lost" });
});

test("an App that may not write checks says so where it opened a pull request", async () => {
  const world = await makeWorld();
  const forges: typeof world.deps.forges = {
    forInstallation: (id, use) => ({
      ...world.forge.forInstallation(id, use),
      upsertCheckRun: async () => null,
    }),
  };

  await executeRun({ ...world.deps, forges }, await world.claim(), controlOf());

  expect(await world.state()).toMatchObject({ at: "proposed" });
  expect(world.said().at(-1)).toContain("was not given the permission `checks: write` here");
});
