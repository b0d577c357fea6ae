import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { checkProposedSettings } from "../../src/runs/settings-check.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const [headSha, baseSha] = ["b".repeat(40), "a".repeat(40)];
const proposed = {
  installation: 1,
  repo: { owner: "octo", name: "calc" },
  pullRequest: 4,
  headSha,
  baseSha,
};

/** A pull request from `before` to `after` (null: no file), below the owner's settings. */
function world(files: { before: string | null; after: string | null; owner?: string }) {
  const at = (where: string, text: string | null | undefined) =>
    text === null || text === undefined ? {} : { [`${where}:.github/copatcher.yml`]: text };
  const forges = createRecordingForge({
    issues: [],
    branch: null,
    source: { kind: "local", directory: "unused" },
    permissions: {},
    changedFiles: [".github/copatcher.yml"],
    files: {
      ...at(`octo/calc@${baseSha}`, files.before),
      ...at(`octo/calc@${headSha}`, files.after),
      ...at("octo/.github", files.owner),
    },
  });
  const logger = createSilentLogger();
  const policy = { limits: { ...unlimited, runsPerDay: 5 } };
  return { forges, logger, check: () => checkProposedSettings({ forges, logger, policy }, proposed) };
}
const summaryOf = async (files: Parameters<typeof world>[0]) => {
  const { forges, check } = world(files);
  await check();
  return forges.checks.map(({ check: { summary } }) => summary).join();
};

test("what the operator lowers is said, and is what holds", async () => {
  const summary = await summaryOf({ before: null, after: "limits:\n  runs_per_day: 50\n" });

  expect(summary).toContain("is more than the operator allows");
  expect(summary).toContain("No setting changes.");
});

test("what the owner says already is no change", async () => {
  const owner = "limits:\n  minutes: 30\n";

  expect(await summaryOf({ before: null, after: owner, owner })).toContain("No setting changes.");
});

test("an owner's file that is not valid is no error of the pull request", async () => {
  const { forges, check } = world({ before: null, after: "enabled: true\n", owner: "enabled: 7\n" });

  await check();

  expect(forges.checks).toMatchObject([{ check: { conclusion: "success", annotations: [] } }]);
  expect(forges.checks[0]?.check.summary).toContain("octo/.github");
});

test("a base that is not valid is compared as if there were no file", async () => {
  const summary = await summaryOf({ before: "limits: 3\n", after: "limits:\n  minutes: 30\n" });

  expect(summary).toContain("The file on the base is not valid");
  expect(summary).toContain("| `limits.minutes` |");
});

test("an empty file is valid", async () => {
  expect(await summaryOf({ before: null, after: "" })).toContain("No setting changes.");
});

test("what somebody wrote mentions nobody and breaks out of nothing", async () => {
  const after = '"@maria | `x` <b>\\n\\n# h": 1\npr:\n  mode: "@jonas #7"\n';

  const summary = await summaryOf({ before: null, after });

  expect(summary.replace(/(`+)[^`].*?\1/g, "")).not.toMatch(/@maria|@jonas|#7|<b>/);
  expect(summary.split("\n").filter((line) => line.startsWith("#"))).toEqual([]);
});

test("a refusal is not tried again, an outage is", async () => {
  const { forges, logger, check } = world({ before: null, after: "" });

  forges.breakDown("changedFiles", new RepairError("forge-rejected", "GitHub answered 404"));
  await check();
  expect(logger.lines.map(({ text }) => text)).toContain("the check of settings was refused");

  forges.breakDown("changedFiles", new RepairError("forge-unavailable", "no answer"));
  await expect(check()).rejects.toMatchObject({ code: "forge-unavailable" });
});
