import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import type { EmbeddedGitHub } from "../../src/demo/github/embedded-github.ts";
import { startServer, type RunningServer } from "../../src/server.ts";
import { createSilentLogger, type SilentLogger } from "../fakes/silent-logger.ts";
import { startSampleGitHub, type SampleGitHub } from "../fixtures/sample-github.ts";

const wait = { timeout: 60_000, interval: 100 };

describe("what happens on GitHub while the bot is down", () => {
  let directory: string;
  let environment: SampleGitHub["environment"];
  let github: EmbeddedGitHub;
  let bot: RunningServer | null = null;
  let logger: SilentLogger;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "copatcher-lost-"));
    ({ github, environment } = await startSampleGitHub(directory));
  }, 60_000);
  afterEach(async () => {
    await bot?.stop();
    bot = null;
  });
  afterAll(async () => {
    await github.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function startBot(name: string): Promise<void> {
    logger = createSilentLogger();
    // nobody is there: the run waits for its models, and that is all these tests need
    const variables = environment("http://127.0.0.1:9", join(directory, name));
    bot = await startServer(readConfig(variables, "server"), logger);
  }

  const labelled = async (title: string): Promise<number> => {
    const issue = await github.openIssue(title, "It breaks", "maria");
    const sent = await github.addLabel(issue, "copatcher", "maria");
    expect(sent.status).toBeNull();
    return issue;
  };

  const taken = (issue: number) =>
    vi.waitUntil(async () => (await github.comments(issue)).length > 0, wait).then(() => github.issue(issue));

  test("is delivered again once the bot is there, and its run begins", { timeout: 90_000 }, async () => {
    const issue = await labelled("Delivered again");

    await startBot("first");
    const { labels } = await taken(issue);

    expect(labels).not.toContain("copatcher");
    const [first, ...more] = github.webhooks().filter(({ event, action, payload }) => {
      const { name } = { name: "", ...Object(payload["label"]) } as { readonly name: string };
      return `${event}.${action}` === "issues.labeled" && name === "copatcher";
    });
    expect(first).toMatchObject({ status: null, redelivery: false });
    expect(more).toMatchObject([{ id: first?.id, status: 200, redelivery: true }]);
    expect(logger.lines.filter(({ text }) => text === "delivery received")).toMatchObject([
      { data: { delivery: first?.id, outcome: "stored" } },
    ]);
  });

  test("is found by its label when GitHub has forgotten the delivery", { timeout: 90_000 }, async () => {
    const issue = await labelled("Found by its label");
    github.forgetDeliveries();
    github.passTime(10);

    await startBot("second");
    const { labels } = await taken(issue);

    expect(labels).not.toContain("copatcher");
    expect(logger.lines.filter(({ text }) => text === "lost deliveries were found")).toMatchObject([
      { data: { redelivered: [], found: [`acme/cadence#${issue}`] } },
    ]);
  });
});
