import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { RepairError } from "../../../src/domain/errors.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { localClient } from "./local-client.ts";
import { answer, good, startRawServer } from "./raw-server.ts";
import type { RawServer } from "./raw-server.ts";

let server: RawServer | null = null;
afterEach(() => server?.stop());

const signal = new AbortController().signal;
const key = "secret-key-1";

async function refusal(...handlers: Parameters<typeof startRawServer>): Promise<RepairError> {
  server = await startRawServer(...handlers);
  const error: unknown = await localClient(server.url, key)
    .sample(sampleRequest(), signal)
    .then(() => null)
    .catch((error: unknown) => error);
  if (!(error instanceof RepairError)) throw new Error("expected a RepairError");
  return error;
}

const vllm = (message: string, code: number): string =>
  JSON.stringify({ error: { message, type: "BadRequestError", param: null, code } });

test.each([
  ["401 with a string", answer(401, '{"error": "Unauthorized"}')],
  ["401 that repeats the key", answer(401, vllm(`Incorrect API key provided: ${key}`, 401))],
  ["403", answer(403, vllm("forbidden", 403))],
  ["404 for the model", answer(404, vllm("The model `loc-gen` does not exist.", 404))],
  ["404 in HTML", answer(404, "<html><h1>Not Found</h1></html>", { "content-type": "text/html" })],
  ["400 that is no overflow", answer(400, vllm("top_k must be 0", 400))],
  ["501", answer(501, vllm("not implemented", 501))],
  ["HTML with 200", answer(200, "<html>Welcome</html>", { "content-type": "text/html" })],
  ["JSON with 200 although a stream was asked for", answer(200, '{"choices": []}')],
  ["a redirect", answer(302, "", { location: "/elsewhere" })],
])("stops at once on %s, naming URL and model and never the key", async (_what, handler) => {
  const error = await refusal(handler);

  expect(error.code).toBe("inference-misconfigured");
  expect(error.message).toContain(`${server?.url}/v1 (model loc-gen)`);
  expect(error.message).not.toContain(key);
  expect(server?.requests).toHaveLength(1);
});

test.each([
  "You passed 30000 input tokens and requested 8192 output tokens. However, the model's context length is only 32768 tokens, resulting in a maximum input length of 24576 tokens.",
  "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion).",
  "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's window is 8192 tokens and your request has 2778 input tokens",
  "Requested token count exceeds the model's maximum context length of 65536 tokens. You requested a total of 67298 tokens: 50914 tokens from the input messages",
  "The input (70000 tokens) is longer than the model's context length (65536 tokens).",
  "request (3025 tokens) exceeds the available context size (2048 tokens), try increasing it",
])("recognises the overflow text: %s", async (message) => {
  server = await startRawServer(answer(400, vllm(message, 400)));

  expect(await localClient(server.url).sample(sampleRequest(), signal)).toMatchObject({
    kind: "failed",
    failure: { reason: "overflow" },
  });
  expect(server.requests).toHaveLength(1);
});

test.each([408, 429, 502, 503, 504])("tries again after %i", async (status) => {
  server = await startRawServer(answer(status, "<html>busy</html>", { "content-type": "text/html" }), good);

  expect(await localClient(server.url).sample(sampleRequest(), signal)).toMatchObject({
    completion: { text: "fine" },
  });
});

test("waits as long as Retry-After says, up to its cap", async () => {
  server = await startRawServer(answer(503, "{}", { "retry-after": "3600" }), good);
  const started = performance.now();

  await localClient(server.url).sample(sampleRequest(), signal);

  expect(performance.now() - started).toBeGreaterThanOrEqual(195);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("repeats a server error once, then gives the sample up", async () => {
  server = await startRawServer(answer(500, vllm("EngineCore encountered an issue.", 500)));

  expect(await localClient(server.url).sample(sampleRequest(), signal)).toMatchObject({
    failure: { reason: "server" },
  });
  expect(server.requests).toHaveLength(2);
});

test("puts a server's text into one short line", async () => {
  const error = await refusal(answer(400, vllm(`bad\n\u001b[31m${"x".repeat(5_000)}`, 400)));

  expect(error.message.length).toBeLessThan(450);
  expect(error.message).not.toMatch(/\p{Cc}/u);
});

test.each([
  ["a port where nobody listens", "http://127.0.0.1:59999"],
  ["a name that does not exist", "http://no-such-host.invalid:8000"],
])("calls %s unreachable", async (_what, url) => {
  await expect(localClient(url).sample(sampleRequest(), signal)).rejects.toMatchObject({
    code: "inference-unreachable",
    message: expect.stringContaining(`${url}/v1`),
  });
});

test("calls a port that does not speak HTTP misconfigured", async () => {
  const other = createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  await expect(localClient(`http://127.0.0.1:${port}`).sample(sampleRequest(), signal)).rejects.toMatchObject(
    {
      code: "inference-misconfigured",
    },
  );
  other.close();
});

test.each(["not a url", "ftp://host/v1", "http://user:secret@host/v1"])("refuses the URL %s", (url) => {
  expect(() => localClient(url)).toThrow(expect.objectContaining({ code: "config-invalid" }));
});
