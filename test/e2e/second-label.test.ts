import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import type { EmbeddedGitHub } from "../../src/demo/github/embedded-github.ts";
import { sampleReplies } from "../../src/demo/sample.ts";
import { startServer, type RunningServer } from "../../src/server.ts";
import { parseReplies } from "../../src/simulator/replies.ts";
import { startModelServer, type ModelServer } from "../../src/simulator/server.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";
import { startSampleGitHub } from "../fixtures/sample-github.ts";

const wait = { timeout: 60_000, interval: 100 };

describe("a label, while the run of an earlier one is under way", () => {
  const logger = createSilentLogger();
  const said = (text: string) => logger.lines.filter((line) => line.text === text);
  let directory: string;
  let models: ModelServer;
  let gate: { readonly server: Server; open(): void };
  let github: EmbeddedGitHub;
  let bot: RunningServer;
  let issue: number;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "copatcher-second-"));
    models = await startModelServer({
      replies: parseReplies(await readFile(sampleReplies, "utf8"), sampleReplies),
    });
    gate = await startGate(models.url);
    const { sample, environment, ...started } = await startSampleGitHub(directory);
    ({ github } = started);
    const { port } = gate.server.address() as AddressInfo;
    const variables = environment(`http://127.0.0.1:${port}`, join(directory, "bot"));
    bot = await startServer(readConfig(variables, "server"), logger);
    issue = await github.openIssue(sample.issue.title, sample.issue.body, "maria");
  }, 90_000);
  afterAll(async () => {
    gate.open();
    await bot.stop();
    await Promise.all([github.stop(), models.stop()]);
    gate.server.close().closeAllConnections();
    await rm(directory, { recursive: true, force: true });
  });

  const noticed = async () =>
    (await github.comments(issue)).filter(({ body }) => body.includes("no second one was started"));

  test("and a repeated delivery start no second run", { timeout: 150_000 }, async () => {
    const first = await github.addLabel(issue, "copatcher", "maria");
    await vi.waitUntil(() => said("run claimed").length > 0, wait);

    await github.redeliver(first);
    await github.addLabel(issue, "copatcher", "maria");
    await vi.waitUntil(async () => (await noticed()).length > 0, wait);
    gate.open();
    await vi.waitUntil(() => said("run ended").length > 0, { ...wait, timeout: 90_000 });
    await github.redeliver(first);

    expect(said("delivery received").map(({ data }) => data["outcome"])).toHaveLength(4);
    expect(said("run claimed")).toHaveLength(1);
    expect(await github.pullRequests()).toHaveLength(1);
    expect(await noticed()).toHaveLength(1);
    expect(await github.comments(issue)).toHaveLength(2);
    const [pull] = await github.pullRequests();
    expect(github.checks()).toMatchObject([{ name: "copatcher / validation", headSha: pull?.headSha }]);
    await vi.waitUntil(async () => (await github.issue(issue)).labels.includes("copatcher: pr-open"), wait);
    expect((await github.issue(issue)).labels).toEqual(["copatcher: pr-open"]);
  });
});

/** Stands before a server and holds every request back until it is opened. */
async function startGate(url: string): Promise<{ readonly server: Server; open(): void }> {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      await opened;
      const { method = "GET", headers } = request;
      const sample = headers["x-copatcher-sample"];
      const answer = await fetch(new URL(request.url ?? "/", url), {
        method,
        headers: {
          "content-type": "application/json",
          ...(typeof sample === "string" ? { "x-copatcher-sample": sample } : {}),
        },
        ...(method === "GET" ? {} : { body: await new Response(Readable.toWeb(request)).text() }),
      });
      response.writeHead(answer.status, {
        "content-type": answer.headers.get("content-type") ?? "text/plain",
      });
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, open: () => open() };
}
