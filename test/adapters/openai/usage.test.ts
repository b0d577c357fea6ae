import { expect, test } from "vitest";
import type { SampleOutcome } from "../../../src/ports/inference-client.ts";
import { askAll, groupServer, neighbours, usageOf, whole } from "./group-call.ts";
import { chunkOf, events } from "./raw-server.ts";

const usages = (outcomes: readonly SampleOutcome[]) =>
  outcomes.map((outcome) => (outcome.kind === "completed" ? outcome.completion.usage : null));
const counted = (prompt: number, completion: number): string =>
  JSON.stringify({ choices: [], ...usageOf(prompt, completion) });

const ninetyTokens = [{ role: "system" as const, content: "x".repeat(288) }];

async function usagesOf(...chunks: readonly string[]) {
  const { client } = await groupServer([events(...chunks, "[DONE]")]);
  return usages(await askAll(client, neighbours(3, { messages: ninetyTokens })));
}

test("gives each choice its own count where the server tells it with every chunk (vLLM, SGLang)", async () => {
  const running = (index: number, tokens: number, finish: string | null): string =>
    chunkOf(index, { content: "word" }, finish, usageOf(90, tokens));

  expect(
    await usagesOf(
      running(0, 1, null),
      running(2, 7, "stop"),
      running(1, 5, "length"),
      running(0, 3, "stop"),
      counted(90, 15),
    ),
  ).toEqual([
    { prompt: 30, completion: 3, estimated: false },
    { prompt: 30, completion: 5, estimated: false },
    { prompt: 30, completion: 7, estimated: false },
  ]);
});

test("gives each choice its own count where the server tells it at its end (llama-server)", async () => {
  expect(
    await usagesOf(whole(1), counted(90, 5), whole(0), counted(90, 3), whole(2), counted(90, 7)),
  ).toEqual([
    { prompt: 30, completion: 3, estimated: false },
    { prompt: 30, completion: 5, estimated: false },
    { prompt: 30, completion: 7, estimated: false },
  ]);
});

test("estimates the shares, whose sum is the server's, where it tells only the sum", async () => {
  const shares = await usagesOf(
    whole(1, "x".repeat(32)),
    whole(0, "x".repeat(64)),
    whole(2),
    counted(91, 50),
  );

  expect(shares).toEqual([
    { prompt: 30, completion: 20, estimated: true },
    { prompt: 30, completion: 10, estimated: true },
    { prompt: 31, completion: 20, estimated: true },
  ]);
});

test.each([
  { prompt_tokens: -1, completion_tokens: 3 },
  { prompt_tokens: "10", completion_tokens: 3 },
  { prompt_tokens: 1e308, completion_tokens: 1.5 },
  {},
])("takes the count %j for none", async (usage) => {
  const shares = await usagesOf(whole(0), whole(1), whole(2), JSON.stringify({ choices: [], usage }));

  expect(shares.every((share) => share?.estimated === true && share.completion === 3)).toBe(true);
});
