import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import type { SampleOutcome } from "../../../src/ports/inference-client.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { askAll, groupServer, neighbours, textOf } from "./group-call.ts";
import { answer, chunk, events, good, silentAfter } from "./raw-server.ts";

// What the SDK makes of these is in the tables of the design note; here is what the client makes of it.
const { signal } = new AbortController();
const whole = `data: ${chunk({ content: "fine" }, "stop")}\n\n`;
const half = `data: ${chunk({ content: "half" })}\n\n`;
const sent =
  (raw: string, then: (response: ServerResponse) => void) =>
  (response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    response.write(raw, () => then(response));
  };
const cut = (response: ServerResponse): void => void setTimeout(() => response.destroy(), 10);

async function outcomeOf(handler: (response: ServerResponse) => void) {
  const { server, client } = await groupServer([handler], { retries: { count: 1 } });
  const outcome: SampleOutcome = await client.sample(sampleRequest(), signal);
  return { outcome, calls: server.requests.length };
}

test.each([
  ["headers that do not come", () => undefined, "deadline", 2],
  ["a stream that stalls", silentAfter(half), "deadline", 2],
  ["a connection reset in mid-stream", sent(half, cut), "transport", 2],
  ["a connection reset before the headers", (response: ServerResponse) => response.destroy(), "transport", 2],
  [
    "a stream that ends without a finish reason and [DONE]",
    events(chunk({ content: "half" })),
    "transport",
    2,
  ],
  ["half a line at the end", sent(`${half}data: {"choi`, (response) => response.end()), "transport", 2],
  ["bad JSON in an event", events(chunk({ content: "half" }), '{"choices": [{'), "protocol", 2],
  [
    "an error event",
    events('{"error": {"message": "EngineCore encountered an issue."}}', "[DONE]"),
    "server",
    2,
  ],
  [
    "bad JSON in an event of the assistants",
    sent(`${half}event: thread.run\ndata: {\n\n`, (response) => response.end()),
    "protocol",
    2,
  ],
  ["an error event that is a string", events('{"error": "out of memory"}'), "server", 2],
  ["SGLang's error event", events('{"object": "error", "message": "aborted", "code": 500}'), "server", 2],
  ["no choices at all", events('{"choices": []}', "[DONE]"), "protocol", 2],
  ["choices of null", events('{"choices": null}', "[DONE]"), "protocol", 2],
  ["an empty stream", events("[DONE]"), "protocol", 2],
  ["a 500 that is an engine's death", answer(500, '{"error": {"message": "EngineDeadError"}}'), "server", 2],
  ["a full queue", answer(503, '{"error": {"message": "overloaded"}}'), "overload", 2],
  ["a gateway's limit", answer(429, "slow down", { "retry-after": "0" }), "overload", 2],
  ["a request it cannot process", answer(422, '{"detail": "no such field"}'), "protocol", 1],
  ["a body that is too large", answer(413, ""), "overflow", 1],
])("gives a sample up after %s", async (_what, handler, reason, calls) => {
  expect(await outcomeOf(handler)).toMatchObject({ outcome: { failure: { reason } }, calls });
});

test.each([
  ["without [DONE]", events(chunk({ content: "fine" }, "stop"))],
  ["without a role", events(chunk({ content: "fine" }), chunk({}, "stop"), "[DONE]")],
  ["without an index", events('{"choices": [{"delta": {"content": "fine"}, "finish_reason": "stop"}]}')],
  [
    "with its finish before an error",
    events(chunk({ content: "fine" }, "stop"), '{"error": {"message": "x"}}'),
  ],
  [
    "with pings and comments",
    sent(`: ping\n\ndata: {"choices": [{"index": 0, "delta": null}]}\n\n${whole}`, (response) =>
      response.end(),
    ),
  ],
  [
    "after which it says more",
    events(chunk({ content: "fine" }, "stop"), chunk({ content: " lost" }), chunk({}, "stop")),
  ],
])("takes an answer %s", async (_what, handler) => {
  expect(textOf((await outcomeOf(handler)).outcome)).toBe("fine");
});

test("takes content of null for no words", async () => {
  const { outcome } = await outcomeOf(
    events(chunk({ content: null }), chunk({ content: null }, "stop"), "[DONE]"),
  );

  expect(outcome).toMatchObject({ kind: "completed", completion: { text: "" } });
});

test.each([
  ["OpenAI's", '{"error": {"message": "the reason", "type": "x", "param": null, "code": 400}}'],
  ["a string", '{"error": "the reason"}'],
  ["SGLang's", '{"object": "error", "message": "the reason", "type": "BadRequestError", "code": 400}'],
  ["FastAPI's", '{"detail": "the reason"}'],
  ["plain text", "the reason"],
])("quotes the words of an error in the form %s", async (_form, body) => {
  const { client } = await groupServer([answer(403, body)]);

  await expect(client.sample(sampleRequest(), signal)).rejects.toMatchObject({
    message: expect.stringMatching(/: answered 403 the reason$/) as string,
  });
});

test("serves eighty samples at once", async () => {
  const timeouts = { headersMs: 60_000, firstTokenMs: 60_000, betweenChunksMs: 60_000, totalMs: 60_000 };
  const { client } = await groupServer([good], { concurrency: 80, timeouts });

  const outcomes = await askAll(client, neighbours(80, { temperature: 0 }));

  expect(outcomes.every((outcome) => textOf(outcome) === "fine")).toBe(true);
});

test("reads no more than the beginning of an error that never ends", async () => {
  const endless = (response: ServerResponse): void => {
    response.writeHead(400, { "content-type": "text/plain" });
    const pump = (): void => {
      while (!response.destroyed && response.write("x".repeat(16_384)));
      if (!response.destroyed) response.once("drain", pump);
    };
    pump();
  };
  const { client } = await groupServer([endless]);

  await expect(client.sample(sampleRequest(), signal)).rejects.toMatchObject({
    code: "inference-misconfigured",
  });
});
