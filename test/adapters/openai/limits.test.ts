import { setTimeout as sleep } from "node:timers/promises";
import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { defaultTimeouts, requestMs } from "../../../src/adapters/openai/endpoint.ts";
import { startModelServer } from "../../../src/simulator/server.ts";
import type { ModelServer } from "../../../src/simulator/server.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { localClient } from "./local-client.ts";
import { answer, chunk, good, startRawServer, startServer } from "./raw-server.ts";
import type { RawServer } from "./raw-server.ts";

const started: (RawServer | ModelServer)[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

const signal = new AbortController().signal;

test("works on no more sequences at once than it may", async () => {
  let open = 0;
  let most = 0;
  const slow = (response: ServerResponse): void => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      good(response);
    }, 20);
  };
  const server = await startRawServer(slow);
  started.push(server);
  const client = localClient(server.url, null, { concurrency: 3 });

  await Promise.all(
    Array.from({ length: 12 }, (_, index) => client.sample(sampleRequest({ index }), signal)),
  );

  expect(most).toBe(3);
});

test("cancels samples that wait for their turn at once", async () => {
  const server = await startRawServer((response) => setTimeout(() => good(response), 300));
  started.push(server);
  const client = localClient(server.url, null, { concurrency: 1, timeouts: {} });
  const controller = new AbortController();
  const first = client.sample(sampleRequest(), signal);
  const waiting = client.sample(sampleRequest({ index: 1 }), controller.signal);

  controller.abort();

  await expect(Promise.race([first, waiting])).rejects.toMatchObject({ code: "cancelled" });
  await expect(first).resolves.toMatchObject({ kind: "completed" });
  expect(server.requests).toHaveLength(1);
});

test("hangs up on the server when a streaming sample is cancelled", async () => {
  const server = await startModelServer({
    replies: { origin: "test", replies: { generate: [[{ text: "word ".repeat(2_000) }]] } },
    timeScale: 0.05,
  });
  started.push(server);
  const controller = new AbortController();
  const sample = localClient(server.url).sample(sampleRequest({ stage: "generate" }), controller.signal);
  await sleep(200);

  controller.abort();

  await expect(sample).rejects.toMatchObject({ code: "cancelled" });
  await expect.poll(() => server.requests().at(-1)?.ended).toBe("client-left");
});

test("cancels while it waits for a Retry-After", async () => {
  const server = await startRawServer(answer(429, "{}", { "retry-after": "3600" }));
  started.push(server);
  const controller = new AbortController();
  const retries = { retryAfterCapMs: 60_000 };
  const sample = localClient(server.url, null, {
    retries,
    timeouts: { totalMs: 100_000 },
  }).sample(sampleRequest(), controller.signal);
  await expect.poll(() => server.requests.length).toBe(1);

  controller.abort();

  await expect(sample).rejects.toMatchObject({ code: "cancelled" });
});

test("gives a sample up when its whole time is over, retries included", async () => {
  const server = await startRawServer(() => undefined);
  started.push(server);
  const timeouts = { headersMs: 10_000, totalMs: 300 };

  const outcome = await localClient(server.url, null, { timeouts }).sample(sampleRequest(), signal);

  expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "deadline" } });
});

test("gives a request up that is longer under way than its queue and its tokens may take", async () => {
  const server = await startRawServer((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const words = setInterval(() => response.write(`data: ${chunk({ content: "" })}\n\n`), 50);
    response.once("close", () => clearInterval(words));
  });
  started.push(server);
  const client = localClient(server.url, null, { timeouts: { totalMs: 60_000 }, retries: { count: 0 } });

  const outcome = await client.sample(sampleRequest({ maxTokens: 5 }), signal);

  expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "deadline" } });
});

test("a request has its time in the queue and 60 ms for each token that it may have", () => {
  expect(requestMs(8_192, defaultTimeouts)).toBe(900_000 + 491_520);
});

test.each([
  ["vLLM", { id: "loc-gen", max_model_len: 16_384 }, 16_384],
  ["llama-server", { id: "loc-gen", meta: { n_ctx: 2_048, n_ctx_train: 32_768 } }, 2_048],
  ["a server that does not tell", { id: "loc-gen" }, null],
])("reads the window of %s", async (_server, model, window) => {
  const server = await startServer([], { models: answer(200, JSON.stringify({ data: [model] })) });
  started.push(server);

  expect(await localClient(server.url).window("loc-gen", signal)).toBe(window);
});

test("reports per role what is wrong with an endpoint", async () => {
  const models = answer(200, JSON.stringify({ data: [{ id: "loc-gen" }] }));
  const server = await startServer([], { models });
  started.push(server);

  const checks = await localClient(server.url).check(signal);

  expect(checks).toMatchObject([
    { role: "loc-gen", ok: true },
    { role: "val-assert", ok: false, detail: expect.stringContaining("served: loc-gen") },
    { role: "val-no-assert", ok: false },
  ]);
});

test.each([
  ["nobody listens", () => "http://127.0.0.1:59999", /ECONNREFUSED/],
  ["the server answers HTML", (url: string) => url, /no model list at \/models/],
])("reports when %s", async (_what, urlOf, detail) => {
  const models = answer(200, "<html></html>", { "content-type": "text/html" });
  const server = await startServer([], { models });
  started.push(server);

  const [check] = await localClient(urlOf(server.url)).check(signal);

  expect(check).toMatchObject({ ok: false, detail: expect.stringMatching(detail) });
});
