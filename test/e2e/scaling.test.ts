import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { webhookPath } from "../../src/server/open-http.ts";
import { noServer, onServer } from "../fixtures/databases/postgres-server.ts";
import { readScalingPage } from "./scaling-page.ts";
import type { StartedProcess } from "./scaling-process.ts";
import { openScalingStage, type ScalingStage } from "./scaling-stage.ts";

const patience = 300_000;
/** What a machine that does other things besides may take longer than the page says, in seconds. */
const busy = 15;

test("docs/scaling.md has the commands that are followed here, and no other", async () => {
  const page = await readScalingPage();

  expect([...page.keys()]).toEqual([
    "one-process",
    "install",
    "create-database",
    "database-url",
    "web",
    "worker-1",
    "worker-2",
  ]);
  // by .ci/run, before the tests
  expect(page.get("install")).toBe("apt-get install -y postgresql");
  expect(await readFile(".ci/postgres-up.sh", "utf8")).toMatch(/apt-get .*install -y .*\bpostgresql\b/);
});

describe.skipIf(noServer)(`docs/scaling.md, followed ${onServer}`, () => {
  let stage: ScalingStage;
  let issue: number;
  let web: StartedProcess;
  let last: StartedProcess;
  let alone: StartedProcess;
  let killedAt: number;
  let drainSeconds: number;

  /** A run begins in worker-1, which is killed; goes on in worker-2, which is stopped; ends in worker-1, started again. */
  beforeAll(async () => {
    stage = await openScalingStage();
    const { block, database, models } = stage;
    await database.create(block("create-database"));
    const address = database.address(block("database-url"));
    web = stage.start("web", address);
    const first = stage.start("worker-1", address);
    await Promise.all([web.ready(), first.ready()]);

    models.open(12);
    issue = await stage.openIssue();
    await stage.label(issue);
    await first.logged("run claimed");
    const second = stage.start("worker-2", address);
    await Promise.all([second.ready(), came(first, 12), reproduced(first)]);
    first.signal("SIGKILL");
    killedAt = Date.now();
    await first.ended();

    models.open(16);
    // while the lease runs out
    alone = stage.start("one-process", "export PORT=0");
    await second.logged("run claimed");
    last = stage.start("worker-1", address);
    await Promise.all([last.ready(), came(second, 16)]);
    second.signal("SIGTERM");
    const stopping = performance.now();
    await second.ended();
    drainSeconds = (performance.now() - stopping) / 1000;

    models.open(20);
    await last.logged("run ended");
  }, patience);
  afterAll(() => stage.close(), patience);

  test("a run is taken over from a killed worker and handed over by a stopped one", async () => {
    const rows = await stage.database.query("select cause from run_transition order by sequence");
    const history = rows.map(({ cause }) => String(cause)).join("\n");

    expect(await stage.withNames(history, ["worker-1", "worker-2"])).toEqual(
      [
        "requested by maria (label)",
        "claimed by worker-1",
        "interrupted: lease-expired",
        "claimed by worker-2",
        "interrupted: shutdown",
        "claimed by worker-1",
        "entered publish",
        "proposed",
      ].join("\n"),
    );
  });

  test("the killed worker's run is taken over within its lease of 8 s and 5 s more", async () => {
    const [row] = await stage.database.query(
      "select happened_at from run_transition where cause = 'interrupted: lease-expired'",
    );
    const seconds = (new Date(String(row?.["happened_at"])).getTime() - killedAt) / 1000;

    expect(seconds).toBeLessThan(8 + 5 + busy);
  });

  test("the stopped worker ends within its drain of 1 s and 20 s more", () => {
    expect(drainSeconds).toBeLessThan(1 + 20 + busy);
  });

  test("its three processes open one pull request and write one comment", async () => {
    const pulls = await stage.github.pullRequests();
    const comments = await stage.github.comments(issue);

    expect(pulls).toMatchObject([{ head: `copatcher/issue-${issue}`, draft: false }]);
    expect(comments).toMatchObject([{ body: expect.stringContaining(`#${pulls[0]?.number}`) as string }]);
  });

  test("they ask the models for nothing that one of them was answered", () => {
    // questions of judges have no names of their own, and what each process asks of the server itself has none
    const named = stage.models.requests().filter(({ sample }) => !/^(judge-|$)/.test(sample));
    const answered = named.filter(({ ended }) => ended === "answered").map(({ sample }) => sample);

    expect(new Set(answered.filter((sample) => sample.startsWith("generate/"))).size).toBe(20);
    // recorded as cut off in its reasoning, so it was asked for a longer answer
    const again = answered.filter((sample, place) => answered.indexOf(sample) !== place);
    expect(again).toEqual(["generate/3/0"]);
  });

  test("every process says how it is, and only the web process takes webhooks", async () => {
    const hear = async (url: string) => {
      const health = await fetch(`${url}/healthz`);
      const webhook = await fetch(`${url}${webhookPath}`, { method: "POST", body: "{}" });
      return [health.status, webhook.status, await webhook.text()];
    };

    expect(await hear(await web.ready())).toEqual([200, 415, expect.anything()]);
    expect(await hear(await last.ready())).toEqual([
      200,
      404,
      expect.stringContaining("COPATCHER_PROCESS=web"),
    ]);
  });

  test("one process needs no server", { timeout: patience }, async () => {
    expect((await fetch(`${await alone.ready()}/healthz`)).status).toBe(200);
  });
});

const Progress = z.object({
  progress: z.object({ stage: z.string(), done: z.number(), total: z.number() }),
});

/** Resolves when a worker has told of so many candidates. */
const came = (worker: StartedProcess, count: number) =>
  worker.line((line) => {
    const { data } = Progress.safeParse(line);
    return data?.progress.stage === "generate" && data.progress.done >= count;
  });

/** Resolves when all scripts are written and judged: from then on, only those calls that hang are under way. */
const reproduced = (worker: StartedProcess) =>
  worker.line((line) => {
    const { data } = Progress.safeParse(line);
    return data?.progress.stage === "reproduce" && data.progress.done === data.progress.total;
  });
