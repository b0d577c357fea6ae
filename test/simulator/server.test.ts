import { afterEach, beforeEach, expect, test } from "vitest";
import { startModelServer } from "../../src/simulator/server.ts";
import type { ModelServer } from "../../src/simulator/server.ts";

const text = "one two three four five six seven eight";
let server: ModelServer;
beforeEach(async () => {
  const replies = { origin: "test", replies: { generate: [[{ text }]] } };
  server = await startModelServer({ replies, apiKey: "k", timeScale: 0.5 });
});
afterEach(() => server.stop());

const call = (path: string, body: unknown = null, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method: body === null ? "GET" : "POST",
    headers: { authorization: "Bearer k", ...headers },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
const chat = { model: "loc-gen", messages: [{ role: "user", content: "x".repeat(32) }] };
const sample = { "x-copatcher-sample": "generate/0/0" };

test("answers whole when no stream is asked for", async () => {
  const response = await call("/v1/chat/completions", chat, sample);

  expect(await response.json()).toMatchObject({
    choices: [{ message: { content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 13, total_tokens: 23 },
  });
});

test("streams role, words, finish reason, usage and the end, at a pace", async () => {
  const started = performance.now();
  const body = { ...chat, stream: true, stream_options: { include_usage: true } };
  const response = await call("/v1/chat/completions", body, sample);
  const lines = (await response.text()).split("\n\n").filter((line) => line !== "");

  expect(performance.now() - started).toBeGreaterThan(80);
  expect(lines.at(-1)).toBe("data: [DONE]");
  const chunks: unknown[] = lines.slice(0, -1).map((line) => JSON.parse(line.slice("data: ".length)));
  expect(chunks).toMatchObject([
    { choices: [{ delta: { role: "assistant" } }] },
    { choices: [{ delta: { content: text.slice(0, 26) } }] },
    { choices: [{ delta: { content: text.slice(26) } }] },
    { choices: [{ finish_reason: "stop" }] },
    { choices: [], usage: { completion_tokens: 13 } },
  ]);
});

test("lists its models with their window, counts tokens and is healthy", async () => {
  expect(await (await call("/v1/models")).json()).toMatchObject({
    data: [{ id: "loc-gen", max_model_len: 32_768 }, {}, {}],
  });
  expect(await (await call("/tokenize", chat)).json()).toEqual({ count: 10, max_model_len: 32_768 });
  expect((await call("/health", null, { authorization: "" })).status).toBe(200);
});

test.each([
  [
    "a wrong key",
    "/v1/chat/completions",
    chat,
    { ...sample, authorization: "Bearer no" },
    401,
    "Unauthorized",
  ],
  ["an unknown model", "/v1/chat/completions", { ...chat, model: "gpt" }, sample, 404, "does not exist"],
  ["a request without the sample's name", "/v1/chat/completions", chat, {}, 400, "stage/index/attempt"],
  [
    "a sample without recording",
    "/v1/chat/completions",
    chat,
    { "x-copatcher-sample": "generate/1/0" },
    422,
    "generate/1/0",
  ],
  ["a body without messages", "/v1/chat/completions", { model: "loc-gen" }, sample, 400, "messages"],
  ["an unknown path", "/v1/nothing", chat, sample, 404, "Not Found"],
])("refuses %s", async (_what, path, body, headers, status, words) => {
  const response = await call(path, body, headers);

  expect(response.status).toBe(status);
  expect(await response.text()).toContain(words);
});

test("refuses a body that is not JSON", async () => {
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: "Bearer k" },
    body: "{",
  });

  expect(response.status).toBe(400);
});

test("remembers what it was asked", async () => {
  await call("/v1/chat/completions", chat, sample);

  await expect
    .poll(() => server.requests())
    .toEqual([{ sample: "generate/0/0", model: "loc-gen", ended: "answered" }]);
});

test("says so when its port is taken", async () => {
  const port = Number(new URL(server.url).port);

  await expect(startModelServer({ replies: { origin: "test", replies: {} }, port })).rejects.toMatchObject({
    code: "usage",
  });
});
