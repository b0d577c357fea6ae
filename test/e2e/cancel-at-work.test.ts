import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import type { EmbeddedGitHub } from "../../src/demo/github/embedded-github.ts";
import { startServer, type RunningServer } from "../../src/server.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { fillWithDatabase } from "../fixtures/databases/embedded-directory.ts";
import { startSampleGitHub } from "../fixtures/sample-github.ts";
import { startGatedModels, type GatedModels } from "./scaling-models.ts";

const patience = { timeout: 90_000, interval: 50 };

let directory: string;
let github: EmbeddedGitHub;
let models: GatedModels;
let bot: RunningServer;
let issue: number;
const logger = createSilentLogger();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copatcher-cancel-"));
  models = await startGatedModels();
  const { sample, environment, ...started } = await startSampleGitHub(directory);
  ({ github } = started);
  const dataDirectory = join(directory, "bot");
  await fillWithDatabase(join(dataDirectory, "store"));
  bot = await startServer(readConfig(environment(models.url, dataDirectory), "server"), logger);
  issue = await github.openIssue(sample.issue.title, sample.issue.body, "maria");
}, 90_000);
afterAll(async () => {
  await bot?.stop();
  await Promise.all([github.stop(), models.stop()]);
  await rm(directory, { recursive: true, force: true });
});

const said = async () => (await github.comments(issue)).map(({ body }) => body).join("\n");

test(
  "a cancel lets go of the models within seconds and is said on the issue",
  { timeout: 120_000 },
  async () => {
    models.open(2);
    await github.addLabel(issue, "copatcher", "maria");
    await expect.poll(() => models.hanging(), patience).toBeGreaterThan(10);

    const asked = performance.now();
    await github.comment(issue, "/copatcher cancel", "maria");
    await expect.poll(() => models.hanging(), patience).toBe(0);
    await expect.poll(said, patience).toContain("the run was cancelled");
    const seconds = (performance.now() - asked) / 1000;

    // a heartbeat is two seconds, and this machine may be busy
    expect(seconds).toBeLessThan(20);
    await expect
      .poll(() => logger.lines.findLast(({ text }) => text === "run ended")?.data["state"])
      .toEqual({ at: "cancelled", by: "maria" });
    expect(await github.pullRequests()).toEqual([]);
  },
);
