import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { asEntries, makeRepository } from "../fixtures/make-repository.ts";
import { lastLine, runSource } from "../fixtures/run-source.ts";
import { smallProject } from "../fixtures/small-project.ts";

// A command starts in seconds, on a busy machine in many.
vi.setConfig({ testTimeout: 120_000 });

let data = "";
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "copatcher-bad-environments-"));
});
afterAll(() => rm(data, { recursive: true, force: true }));

async function envBuild(
  environment: object,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const repository = await makeRepository();
  const settings = JSON.stringify({ environment, tests: { command: "echo 'red \u001b[31m'; false" } });
  await repository.commit(asEntries({ ...smallProject, ".github/copatcher.yml": settings }));
  const trusted = { COPATCHER_SANDBOX: "process", COPATCHER_TRUST_REPOSITORIES: "demo" };
  try {
    return await runSource("src/cli.ts", ["env", "build", "--repo", repository.directory, ...args], {
      env: { COPATCHER_INFERENCE_URL: undefined, COPATCHER_DATA_DIR: data, ...trusted, ...env },
    });
  } finally {
    await rm(repository.directory, { recursive: true, force: true });
  }
}

test.concurrent(
  "an image name that is none is a wrong call: exit status 2, and told as data too",
  async () => {
    const result = await envBuild({}, ["--image", "../../x", "--json"]);

    expect(result.code).toBe(2);
    expect(lastLine(result)).toMatchObject({
      error: { code: "usage", message: expect.stringMatching(/--image: .*no name of an image/) },
    });
  },
);

test.concurrent(
  "settings whose environment contradicts itself are told with every problem at once",
  async () => {
    const result = await envBuild({ image: "a b", dockerfile: "../Dockerfile", setpu: [] }, ["--json"]);

    expect(result.code).toBe(1);
    expect(lastLine(result)).toMatchObject({ error: { code: "settings-invalid" } });
    for (const part of [
      /"a b" is no name of an image/,
      /is no path of the repository/,
      /setpu: is no setting/,
    ])
      expect(result.stderr).toMatch(part);
  },
);

test.concurrent("an engine that is not there is named", async () => {
  const host = "unix:///nonexistent/docker.sock";
  const result = await envBuild({ setup: ["true"] }, [], { COPATCHER_SANDBOX: "docker", DOCKER_HOST: host });

  expect(result.code).toBe(1);
  expect(result.stderr).toContain("/nonexistent/docker.sock");
  expect(result.stderr).toContain("Start a Docker engine");
});

test.concurrent(
  "an environment in which no test passes ends with 1, with what the tests printed",
  async () => {
    const result = await envBuild({ setup: [] }, []);

    expect(result.code).toBe(1);
    expect(result.stdout).toContain("The test command failed");
    expect(result.stdout).toContain("  | red");
    expect(result.stdout).toContain("Next step: correct");
    expect(result.stdout).not.toContain("\u001b");
  },
);
