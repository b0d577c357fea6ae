import { createServer } from "node:http";
import { Agent } from "undici";
import { afterAll, expect, test } from "vitest";
import { createCapabilities } from "../../../src/adapters/openai/capabilities.ts";
import type { Endpoint } from "../../../src/adapters/openai/endpoint.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { serve } from "../../simulator/http/simulator-call.ts";

const dispatcher = new Agent();
afterAll(() => dispatcher.destroy());

const signal = new AbortController().signal;
const at = (url: string): Endpoint => ({ baseUrl: `${url}/v1`, apiKey: null, model: "m", system: null });

/** What is known of a simulated server, after as many questions at once, and how many calls that took. */
async function asked(options: Parameters<typeof serve>[0], times = 1) {
  const { simulator } = await serve(options);
  const known = createCapabilities({ clock: createFixedClock(), dispatcher });
  const endpoint = at(simulator.url);
  const answers = await Promise.all(Array.from({ length: times }, () => known.of(endpoint, signal)));
  return { known, endpoint, capabilities: answers[0], calls: () => simulator.requests().length };
}

test("learns everything from one small call where the server takes all of it", async () => {
  const { capabilities, calls } = await asked({ engine: { policy: "priority" } });

  expect(capabilities).toMatchObject({ groupLimit: 128, window: 32_768, priority: true });
  expect(calls()).toBe(1);
});

test.each([
  ["a vLLM server without priorities", {}, { groupLimit: 128, priority: false }],
  ["a server that ignores n", { dialect: "ollama" }, { groupLimit: 1, priority: true }],
  [
    "a llama-server with one slot",
    { dialect: "llamacpp", engine: { maxSequences: 1 } },
    { groupLimit: 1, priority: true },
  ],
  ["a server that refuses everything", { rules: [] }, { groupLimit: 1, priority: false }],
] as const)("learns what %s takes", async (_server, options, expected) => {
  const { capabilities } = await asked(options);

  expect(capabilities).toMatchObject(expected);
});

test.each([
  ["vllm", true],
  ["vllm-2025", true],
  ["sglang", false],
  ["llamacpp", false],
  ["ollama", false],
] as const)("knows by its name whether %s computes a common prefix once", async (dialect, sharesAtOnce) => {
  const { capabilities } = await asked({ dialect });

  expect(capabilities).toMatchObject({ sharesAtOnce });
});

test("asks once, however many want to know at the same time and later", async () => {
  const { known, endpoint, calls } = await asked({ engine: { policy: "priority" } }, 5);
  await known.of(endpoint, signal);

  expect(calls()).toBe(1);
});

test("believes a server that refuses a larger group, for good", async () => {
  const { known, endpoint } = await asked({});

  known.groupRefused(endpoint, 4);
  known.groupRefused(endpoint, 8);
  expect(await known.of(endpoint, signal)).toMatchObject({ groupLimit: 4 });
  known.groupRefused(endpoint, 0);
  expect(await known.of(endpoint, signal)).toMatchObject({ groupLimit: 1 });
});

test("counts tokens where the server does, and asks a server that does not only once", async () => {
  const { capabilities } = await asked({});
  expect(await capabilities?.countTokens([{ role: "user", content: "a".repeat(32) }], signal)).toBe(10);

  const paths: (string | undefined)[] = [];
  const server = await listening((path) => {
    paths.push(path);
    return 404;
  });
  const known = createCapabilities({ clock: createFixedClock(), dispatcher });
  const { countTokens } = await known.of(at(server.url), signal);
  expect(await countTokens([{ role: "user", content: "a" }], signal)).toBeNull();
  expect(await countTokens([{ role: "user", content: "b" }], signal)).toBeNull();
  server.stop();

  expect(paths.filter((path) => path === "/tokenize")).toHaveLength(1);
});

test("answers modestly while a server is away, and asks it again half a minute later", async () => {
  let status = 503;
  const server = await listening(() => status);
  const clock = createFixedClock();
  const known = createCapabilities({ clock, dispatcher });

  expect(await known.of(at(server.url), signal)).toMatchObject({
    groupLimit: 1,
    window: null,
    priority: false,
  });
  status = 200;
  expect(await known.of(at(server.url), signal)).toMatchObject({ groupLimit: 1, window: null });
  clock.advance(30_000);
  const later = (): Promise<unknown> => known.of(at(server.url), signal);
  const full = { groupLimit: 128, window: 4_096, priority: true };
  await expect.poll(later, { timeout: 10_000 }).toMatchObject(full);
  server.stop();
});

test("a caller who leaves is free at once, and the others still get their answer", async () => {
  const { simulator } = await serve({ engine: { policy: "priority" } });
  const known = createCapabilities({ clock: createFixedClock(), dispatcher });
  const leaving = new AbortController();
  const left = known.of(at(simulator.url), leaving.signal);
  const stayed = known.of(at(simulator.url), signal);

  leaving.abort();

  await expect(left).rejects.toMatchObject({ code: "cancelled" });
  expect(await stayed).toMatchObject({ priority: true });
});

test("takes nonsense for a modest answer", async () => {
  const server = await listening(() => 200, "<html>Welcome</html>");
  const known = createCapabilities({ clock: createFixedClock(), dispatcher });

  expect(await known.of(at(server.url), signal)).toMatchObject({
    groupLimit: 1,
    window: null,
    priority: false,
  });
  server.stop();
});

const good = JSON.stringify({
  choices: [{ message: { content: "a" } }, { message: { content: "b" } }],
  data: [{ id: "m", max_model_len: 4_096 }],
});

/** A server that answers with the status that `statusOf` gives, and `body`. */
async function listening(statusOf: (path: string | undefined) => number, body = good) {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(statusOf(request.url), { "content-type": "application/json" });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
