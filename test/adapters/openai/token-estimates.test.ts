import { expect, test } from "vitest";
import { createLearntEstimate } from "../../../src/adapters/openai/token-estimates.ts";
import type { SampleOutcome, SampleRequest } from "../../../src/ports/inference-client.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { askAll, groupServer, neighbours, usageOf, whole } from "./group-call.ts";
import { chunk, chunkOf, events, silentAfter } from "./raw-server.ts";

const { signal } = new AbortController();
/** Plainly estimated at 100 and 200 tokens, prompt and answer; half of the characters are a token each. */
const prompt = "x".repeat(320);
const said = chunk({ content: "word ".repeat(128) }, "stop");
const counted = events(said, JSON.stringify({ choices: [], ...usageOf(150, 300) }), "[DONE]");
const uncounted = events(said, "[DONE]");

const messages = [{ role: "system" as const, content: prompt }];
const usageIn = (outcome: SampleOutcome | undefined) =>
  outcome?.kind === "completed" ? outcome.completion.usage : null;

test("what a server does not count is charged as it counted the stage's texts before", async () => {
  const answers = [...Array.from({ length: 20 }, () => counted), uncounted];
  const { client } = await groupServer(answers);
  const ask = (fields: Partial<SampleRequest> = {}) =>
    client.sample(sampleRequest({ messages, stage: "critique", ...fields }), signal);
  for (let call = 0; call < 20; call += 1) await ask();

  const [learnt, elsewhere] = [usageIn(await ask()), usageIn(await ask({ stage: "generate" }))];

  expect(learnt?.prompt).toBeCloseTo(150, -1);
  expect(learnt?.completion).toBeCloseTo(300, -1);
  expect(learnt?.estimated).toBe(true);
  expect(elsewhere).toEqual({ prompt: 100, completion: 200, estimated: true });
});

test("the newest count weighs a fifth, so the same counts in the same order give the same estimate", () => {
  const [one, other] = [createLearntEstimate(), createLearntEstimate()];
  for (const estimate of [one, other]) {
    estimate.learn(100, 200);
    estimate.learn(100, 50);
  }

  expect([one.of(1_000), other.of(1_000)]).toEqual([1_060, 1_060]);
});

test.each([
  ["nothing", 0],
  ["ten times the text", 1_000],
])("a server that counts %s teaches nothing", (_what, count) => {
  const estimate = createLearntEstimate();
  estimate.learn(100, count);

  expect(estimate.of(100)).toBe(100);
});

test("short texts teach nothing, since a chat template is most of them", () => {
  const estimate = createLearntEstimate();
  estimate.learn(10, 30);

  expect(estimate.of(100)).toBe(100);
});

const wholeOf = (index: number) => chunkOf(index, { content: "word ".repeat(64) }, "stop");
const sumOnly = JSON.stringify({ choices: [], ...usageOf(300, 450) });

test("a server that counts a whole group teaches by the sum", async () => {
  const group = events(wholeOf(0), wholeOf(1), wholeOf(2), sumOnly, "[DONE]");
  const silent = events(wholeOf(0), wholeOf(1), wholeOf(2), "[DONE]");
  const { client } = await groupServer([...Array.from({ length: 20 }, () => group), silent]);
  for (let call = 0; call < 20; call += 1) await askAll(client, neighbours(3));

  const last = await askAll(client, neighbours(3));

  for (const outcome of last) expect(usageIn(outcome)?.completion).toBeCloseTo(150, -1);
});

test("what had been written of an answer that is called off is charged in the same way", async () => {
  const half = chunkOf(0, { content: "word ".repeat(128) });
  const broken = silentAfter(`data: ${half}\n\ndata: ${whole(1)}\n\n`);
  const timeouts = { headersMs: 60_000, firstTokenMs: 60_000, betweenChunksMs: 60_000 };
  const { client } = await groupServer([...Array.from({ length: 20 }, () => counted), broken], { timeouts });
  for (let call = 0; call < 20; call += 1) await askAll(client, neighbours(1));
  const leaving = new AbortController();
  const [called, complete] = client.sampleMany(neighbours(2), leaving.signal);
  called?.catch(() => undefined);
  await complete;

  leaving.abort();

  await expect(called).rejects.toMatchObject({ data: { usage: { completion: 299, estimated: true } } });
});
