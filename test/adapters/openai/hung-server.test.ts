import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { InferenceClient, SampleRequest } from "../../../src/ports/inference-client.ts";
import { h100Bf16 } from "../../../src/simulator/engine/parameters.ts";
import { startSimulator, type Simulator } from "../../../src/simulator/http/simulator.ts";
import type { PlannedFault } from "../../../src/simulator/script/faults.ts";
import { scriptOfRules } from "../../../src/simulator/script/rules.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { askAll, textOf } from "./group-call.ts";
import { localClient } from "./local-client.ts";
import { good } from "./raw-server.ts";

const { signal } = new AbortController();

const slow = { text: "slow", tokens: 150 };

/** Silence is looked into after a tenth of a second, and allowed for a minute. */
const timeouts = {
  headersMs: 60_000,
  firstTokenMs: 60_000,
  leastSilenceMs: 100,
  betweenChunksMs: 60_000,
  totalMs: 120_000,
};

/** Two answers at a time, each of a fifth of a second. */
async function startNarrowServer(faults: readonly PlannedFault[] = []): Promise<Simulator> {
  const simulator = await startSimulator({
    models: { "loc-gen": { engine: { ...h100Bf16, maxSequences: 2 } } },
    script: scriptOfRules([
      { match: { stage: "generate" }, choices: [slow], faults },
      { match: { prompt: "of others" }, choices: [slow] },
      { match: {}, choices: [{ text: "quick", tokens: 1 }] },
    ]),
    timeScale: 0.1,
  });
  onTestFinished(() => simulator.stop());
  return simulator;
}

const learn = async (client: InferenceClient): Promise<void> => {
  expect(textOf(await client.sample(sampleRequest(), signal))).toBe("quick");
};

const slowOnes = (count: number, fields: Partial<SampleRequest> = {}) =>
  Array.from({ length: count }, (_, index) =>
    sampleRequest({ stage: "generate", index, temperature: 0, ...fields }),
  );

const sent = (server: Simulator): number =>
  server.requests().filter(({ sample }) => sample.startsWith("generate")).length;

test("requests that wait behind others of ours are all answered at the first try", async () => {
  const server = await startNarrowServer();
  const client = localClient(server.url, null, { timeouts });
  await learn(client);

  const outcomes = await askAll(client, slowOnes(10));

  expect(outcomes.map(textOf)).toEqual(Array.from({ length: 10 }, () => "slow"));
  expect(sent(server)).toBe(10);
}, 60_000);

test("a request that waits behind those of others is answered at the first try", async () => {
  const server = await startNarrowServer();
  const client = localClient(server.url, null, { timeouts });
  await learn(client);
  const others = localClient(server.url, null, { timeouts, sampleHeader: "x-copatcher-other" });
  const theirs = askAll(others, slowOnes(8, { messages: [{ role: "user", content: "of others" }] }));
  await expect.poll(() => server.simulation.engine("loc-gen")?.counters().waiting).toBeGreaterThan(2);

  expect(textOf(await client.sample(sampleRequest({ stage: "generate" }), signal))).toBe("slow");
  expect(sent(server)).toBe(1);
  await theirs;
}, 60_000);

test("a request that the server lost is given up long before its time, and asked again", async () => {
  const server = await startNarrowServer([{ fault: { kind: "hang" }, nth: 1 }]);
  const client = localClient(server.url, null, { timeouts });
  await learn(client);
  const begun = performance.now();

  expect(textOf(await client.sample(sampleRequest({ stage: "generate" }), signal))).toBe("slow");

  expect(sent(server)).toBe(2);
  expect(performance.now() - begun).toBeLessThan(30_000);
}, 60_000);

test("a server that accepts and answers nothing any more, not even its health check, is given up", async () => {
  let isHung = false;
  const server = createServer((request, response) => {
    if (isHung) return;
    if (request.url?.endsWith("/chat/completions") === true) good(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const quickLook = { ...timeouts, lookMs: 200 };
  const client = localClient(`http://127.0.0.1:${port}`, null, {
    timeouts: quickLook,
    retries: { count: 0 },
  });
  expect(textOf(await client.sample(sampleRequest(), signal))).toBe("fine");

  isHung = true;

  expect(await client.sample(sampleRequest({ index: 1 }), signal)).toMatchObject({
    kind: "failed",
    failure: {
      reason: "deadline",
      detail: expect.stringMatching(
        /^no first token within \d+ ms, and the server answers nothing/,
      ) as string,
    },
  });
}, 60_000);
