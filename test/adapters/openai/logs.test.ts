import { expect, onTestFinished, test } from "vitest";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { localClient } from "./local-client.ts";
import { answer, chunk, events, silentAfter, startRawServer } from "./raw-server.ts";

const key = "key-of-the-operator";
const prompt = "the parcels of mrs smith";
const long = `the code\n\tif (parcel.weight > "9 kg") {\n  return price_of(parcel);\n${"more of it\n".repeat(20)}`;

test.each([
  ["breaks off", events(chunk({ content: "half" }))],
  ["is silent", silentAfter("")],
  ["fails and repeats the key", answer(500, JSON.stringify({ error: { message: key } }))],
  ["is full", answer(503, "{}")],
])("no log holds the prompt or the key when a server %s", async (_what, handler) => {
  const server = await startRawServer(handler);
  onTestFinished(() => server.stop());
  const logger = createSilentLogger();
  const client = localClient(server.url, key, { logger });

  const messages = [{ role: "user" as const, content: prompt }];
  const outcome = await client.sample(sampleRequest({ messages }), new AbortController().signal);

  expect(server.requests[0]?.body).toContain(prompt);
  expect(logger.lines.length).toBeGreaterThan(0);
  const told = JSON.stringify([outcome, logger.lines]);
  expect(told).not.toContain(prompt);
  expect(told).not.toContain(key);
});

const failing = (status: number, message: string) =>
  answer(status, JSON.stringify({ error: { message, type: "ServerError", code: status } }));
const inPython = `{'role': 'user', 'content': '${long.replaceAll("\n", "\\n").replaceAll("\t", "\\t")}'}`;

test.each([
  ["an error", failing(500, `cannot process ${long}`)],
  ["a refusal", failing(400, `validation error: ${long}`)],
  ["an overload", failing(503, `too busy for ${long}`)],
  ["an error with Python's form of the request", failing(500, `cannot process ${inPython}`)],
  ["an error that is the request itself", answer(500, JSON.stringify({ messages: [{ content: long }] }))],
  ["an event", events(JSON.stringify({ error: { message: `cannot process ${long}` } }))],
  ["no line but its own", answer(500, long)],
])("no log holds what the server repeats of the prompt in %s", async (_what, handler) => {
  const server = await startRawServer(handler);
  onTestFinished(() => server.stop());
  const logger = createSilentLogger();
  const messages = [{ role: "user" as const, content: long }];

  const outcome = await localClient(server.url, key, { logger })
    .sample(sampleRequest({ messages }), new AbortController().signal)
    .catch((error: unknown) => String(error));

  const told = JSON.stringify([outcome, logger.lines]);
  expect(told).toContain("[of the prompt]");
  expect(told).not.toMatch(/parcel|price_of|more of it/);
});

test("what a server says of itself stays in the log", async () => {
  const server = await startRawServer(failing(500, `EngineCore is dead: ${long}`));
  onTestFinished(() => server.stop());
  const messages = [{ role: "user" as const, content: long }];

  const outcome = await localClient(server.url).sample(
    sampleRequest({ messages }),
    new AbortController().signal,
  );

  expect(outcome).toMatchObject({
    failure: { detail: expect.stringMatching(/^500 EngineCore is dead: ?\[of the prompt\]/) },
  });
});
