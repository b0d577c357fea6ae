import { afterEach, expect, test } from "vitest";
import type { SampleRequest } from "../../../src/ports/inference-client.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { localClient } from "./local-client.ts";
import { chunk, events, good, silentAfter, startRawServer } from "./raw-server.ts";
import type { RawServer } from "./raw-server.ts";

let server: RawServer | null = null;
afterEach(() => server?.stop());

const signal = new AbortController().signal;

async function sampleOf(handlers: Parameters<typeof startRawServer>, request: Partial<SampleRequest> = {}) {
  server = await startRawServer(...handlers);
  return localClient(server.url).sample(sampleRequest(request), signal);
}

test.each([
  ["a stream without a finish reason", events(chunk({ content: "half" }), "[DONE]"), "transport"],
  ["half a line at the end", events(chunk({ content: "half" }), '{"choices": [{"del'), "protocol"],
  ["an error event", events(chunk({ content: "half" }), '{"error": {"message": "engine died"}}'), "server"],
  [
    "an error event about the window",
    events('{"error": {"message": "maximum context length is 5"}}'),
    "overflow",
  ],
  ["a chunk of unknown shape", events('{"choices": 7}'), "protocol"],
  ["an answer that the engine aborted", events(chunk({ content: "half" }, "abort")), "server"],
  ["silence before the first token", silentAfter(""), "deadline"],
  ["pings without a token", silentAfter(": ping\n\n"), "deadline"],
  ["silence in the middle", silentAfter(`data: ${chunk({ content: "half" })}\n\n`), "deadline"],
])("fails on %s", async (_what, handler, reason) => {
  expect(await sampleOf([handler])).toMatchObject({ kind: "failed", failure: { reason } });
});

test("does not take a server's pings for tokens", async () => {
  const outcome = await sampleOf([
    (response) => {
      silentAfter(": ping\n\n")(response);
      const pings = setInterval(() => response.write(": ping\n\n"), 50);
      response.once("close", () => clearInterval(pings));
    },
  ]);

  expect(outcome).toMatchObject({
    failure: { reason: "deadline", detail: expect.stringContaining("no first token") as string },
  });
});

test("tries again when the stream broke off, and keeps nothing of the first half", async () => {
  const outcome = await sampleOf([events(chunk({ content: "half" })), good]);

  expect(outcome).toMatchObject({ kind: "completed", completion: { text: "fine" } });
});

test("keeps a finished answer although the connection then goes silent", async () => {
  const outcome = await sampleOf([silentAfter(`data: ${chunk({ content: "whole" }, "stop")}\n\n`)]);

  expect(outcome).toMatchObject({
    kind: "completed",
    completion: { text: "whole", usage: { estimated: true } },
  });
});

test("keeps a finished answer although the connection then breaks", async () => {
  const outcome = await sampleOf([events(chunk({ content: "whole" }, "stop"), '{"choices": [')]);

  expect(outcome).toMatchObject({ kind: "completed", completion: { text: "whole" } });
});

test.each(["reasoning", "reasoning_content"])("takes thoughts from the field %s", async (field) => {
  const outcome = await sampleOf([events(chunk({ [field]: "hm" }), chunk({ content: "yes" }, "stop"))]);

  expect(outcome).toMatchObject({ completion: { text: "yes", reasoning: "hm" } });
});

test("takes the last count where a server sends several for its one choice", async () => {
  const usage = (completion_tokens: number) => ({ usage: { prompt_tokens: 10, completion_tokens } });
  const outcome = await sampleOf([
    events(
      chunk({ content: "ye" }, null, usage(2)),
      chunk({ content: "s" }, "stop"),
      JSON.stringify({ choices: [], ...usage(3) }),
    ),
  ]);

  expect(outcome).toMatchObject({ completion: { usage: { prompt: 10, completion: 3, estimated: false } } });
});

test("estimates usage when the server reports none", async () => {
  const outcome = await sampleOf([good], { messages: [{ role: "system", content: "x".repeat(320) }] });

  expect(outcome).toMatchObject({ completion: { usage: { prompt: 100, completion: 2, estimated: true } } });
});

test("reads an answer whose characters are split between packets", async () => {
  const bytes = Buffer.from(`data: ${chunk({ content: "漢字" }, "stop")}\n\ndata: [DONE]\n\n`);
  const outcome = await sampleOf([
    (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const byte of bytes) response.write(Buffer.of(byte));
      response.end();
    },
  ]);

  expect(outcome).toMatchObject({ completion: { text: "漢字" } });
});

test("sends every sampling field, the seed, the system message and the sample's name", async () => {
  await sampleOf([good], {
    stage: "generate",
    index: 17,
    attempt: 1,
    temperature: 0.6,
    seed: 99,
    maxTokens: 512,
  });

  const [request] = server?.requests ?? [];
  expect(request?.path).toBe("/v1/chat/completions");
  expect(request?.headers["x-copatcher-sample"]).toBe("generate/17/1");
  expect(request?.headers.authorization).toBeUndefined();
  expect(JSON.parse(request?.body ?? "")).toMatchObject({
    model: "loc-gen",
    messages: [{ role: "system", content: "You are a helpful assistant." }, { role: "user" }],
    temperature: 0.6,
    top_p: 0.95,
    top_k: -1,
    repetition_penalty: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    max_tokens: 512,
    seed: 99,
    stream: true,
    stream_options: { include_usage: true },
  });
});

const saying = (delta: Record<string, unknown>): string => `data: ${chunk(delta)}\n\n`;

test.each([
  [
    "reading an answer of 50 MB early",
    "",
    saying({ reasoning: `${"abcdefg".repeat(30)}\n`.repeat(5) }),
    256,
    10,
  ],
  [
    "at once when the answer only repeats itself",
    "",
    saying({ content: " tick tock".repeat(100) }),
    8_192,
    4,
  ],
  ["waiting for the end of an event of 50 MB", 'data: {"choices": [', "{}, ".repeat(4_000), 8_192, 6],
])("stops %s and hangs up", async (_what, first, piece, maxTokens, megabytes) => {
  let sent = 0;
  let left: Promise<void> = Promise.resolve();
  const outcome = await sampleOf(
    [
      (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        left = new Promise((resolve) => response.once("close", resolve));
        response.write(first);
        const pump = (): void => {
          while (!response.destroyed && sent < 50 * 1024 * 1024) {
            sent += piece.length;
            if (!response.write(piece)) return void response.once("drain", pump);
          }
        };
        pump();
      },
    ],
    { maxTokens },
  );
  await left;

  expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "too-long" } });
  expect(sent).toBeLessThan(megabytes * 1024 * 1024);
});
