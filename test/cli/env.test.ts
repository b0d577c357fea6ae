import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { asEntries, makeRepository } from "../fixtures/make-repository.ts";
import { lastLine, runSource, type SourceRun } from "../fixtures/run-source.ts";

const image = "copatcher-sandbox:test";
const works = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: "ignore" }).status === 0;
const sandbox = works("docker", "image", "inspect", image)
  ? "docker"
  : works("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true")
    ? "bubblewrap"
    : null;
const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";

/** The images that this installation of a moment built. */
async function removeImages(installation: string): Promise<void> {
  if (sandbox !== "docker") return;
  const id = (await readFile(installation, "utf8")).trim();
  const { stdout } = spawnSync("docker", ["image", "ls", "--quiet", `copatcher-environment/${id}`]);
  const images = [
    ...new Set(
      String(stdout)
        .split("\n")
        .filter((line) => line !== ""),
    ),
  ];
  if (images.length > 0) spawnSync("docker", ["image", "rm", "--force", ...images]);
}

const settings = (commands: readonly string[]): string =>
  JSON.stringify({
    environment: { setup: commands, activate: 'export PYTHONPATH="$COPATCHER_ENV/lib"' },
  });
const project = {
  "pkg/__init__.py": "",
  "tests/test_answer.py":
    "import unittest\nimport answer\n\n\nclass AnswerTest(unittest.TestCase):\n    def test_answer(self):\n        self.assertEqual(answer.VALUE, 42)\n",
};
const install = 'mkdir -p "$COPATCHER_ENV/lib" && echo "VALUE = 42" >"$COPATCHER_ENV/lib/answer.py"';

const Built = z.object({
  ok: z.literal(true),
  source: z.string(),
  key: z.string().min(8),
  cached: z.boolean(),
  seconds: z.number(),
  steps: z.array(z.object({ name: z.string(), status: z.string() })),
  logFile: z.string(),
  tests: z.object({ kind: z.literal("ran"), passed: z.number(), failed: z.number(), crashed: z.null() }),
});
const Failed = z.object({
  error: z.object({
    code: z.string(),
    build: z.object({ step: z.string(), status: z.string(), tail: z.string(), logFile: z.string() }),
  }),
});

describe.skipIf(sandbox === null && !required)(
  `copatcher env build (${sandbox ?? "skipped: there is neither a Docker engine with the test image nor bubblewrap"})`,
  { timeout: 180_000 },
  () => {
    let directory: string;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), "copatcher-env-"));
    });
    afterAll(async () => {
      await removeImages(join(directory, "data", "commands", "installation"));
      await rm(directory, { recursive: true, force: true });
    });

    // an environment is kept for its repository
    const repositories = new Map<string, string>();
    async function repositoryWith(commands: readonly string[]): Promise<string> {
      const file = settings(commands);
      const known = repositories.get(file);
      if (known !== undefined) return known;
      const { commit, directory: made } = await makeRepository();
      await commit(asEntries({ ...project, ".github/copatcher.yml": file }));
      repositories.set(file, made);
      return made;
    }

    async function envBuild(commands: readonly string[], ...more: readonly string[]): Promise<SourceRun> {
      const repository = await repositoryWith(commands);
      return runSource("src/cli.ts", ["env", "build", `--repo=${repository}`, ...more], {
        env: {
          COPATCHER_SANDBOX: sandbox ?? "docker",
          COPATCHER_SANDBOX_IMAGE: image,
          COPATCHER_DATA_DIR: join(directory, "data"),
          COPATCHER_INFERENCE_URL: undefined,
        },
      });
    }

    test("installs what the settings say, keeps it, and runs the tests in it", async () => {
      const first = await envBuild([install], "--json");
      const built = Built.parse(lastLine(first));

      expect(first.code).toBe(0);
      expect(built).toMatchObject({
        source: "environment.setup of .github/copatcher.yml",
        cached: false,
        steps: [{ name: install, status: "done" }],
        tests: { passed: 1, failed: 0 },
      });
      expect(await readFile(built.logFile, "utf8")).toContain("step 1/1");

      const again = await envBuild([install]);

      expect(again.code).toBe(0);
      expect(again.stdout).toContain("from the cache");
      expect(again.stdout).toContain("1 test seen");
    });

    test("ends with 1, the failing command and its last lines when one fails", async () => {
      const failed = await envBuild([install, "echo no such package; exit 3"], "--json");

      expect(failed.code).toBe(1);
      const { error } = Failed.parse(lastLine(failed));
      expect(error).toMatchObject({
        code: "environment-failed",
        build: { step: "echo no such package; exit 3", status: "exit 3" },
      });
      expect(error.build.tail).toContain("no such package");
      expect(failed.stderr).toContain("no such package");
    });
  },
);

test("a devcontainer that cannot be built is refused by its key", { timeout: 60_000 }, async () => {
  const repository = await makeRepository();
  await repository.commit(
    asEntries({ ...project, ".devcontainer.json": '{ "image": "i", "features": { "x": {} } }' }),
  );

  const run = await runSource("src/cli.ts", ["env", "build", `--repo=${repository.directory}`], {
    env: {
      COPATCHER_SANDBOX: "process",
      COPATCHER_TRUST_REPOSITORIES: "demo",
      COPATCHER_DATA_DIR: await mkdtemp(join(tmpdir(), "copatcher-env-")),
      COPATCHER_INFERENCE_URL: undefined,
    },
  });

  expect(run.code).toBe(1);
  expect(run.stderr).toContain('its key "features" is not supported');
  expect(run.stderr).toContain("environment.devcontainer: false");
});
