import { expect, test } from "vitest";
import { labelNames } from "../../src/runs/label-names.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const broken = "trigger: {label: [not valid]}";

test.each([
  [{ repository: "trigger: {label: fix me}", owner: broken }, "fix me"],
  [{ repository: broken, owner: "trigger: {label: fix us}" }, "fix us"],
  [{ repository: broken, owner: broken }, "copatcher"],
])("what is not valid of %j is left out, and the rest holds", async ({ repository, owner }, trigger) => {
  const forges = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: {},
    files: {
      "acme/rates:.github/copatcher.yml": repository,
      "acme/.github:.github/copatcher.yml": owner,
    },
  });
  const deps = { logger: createSilentLogger() };

  const names = await labelNames(deps, forges.forInstallation(1), { owner: "acme", name: "rates" });

  expect(names.trigger).toBe(trigger);
});
