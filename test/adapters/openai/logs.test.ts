import { expect, onTestFinished, test } from "vitest";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { localClient } from "./local-client.ts";
import { answer, chunk, events, silentAfter, startRawServer } from "./raw-server.ts";

const key = "key-of-the-operator";
const prompt = "the parcels of mrs smith";

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
