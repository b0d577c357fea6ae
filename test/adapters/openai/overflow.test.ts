import { expect, test } from "vitest";
import { overflowIn } from "../../../src/adapters/openai/overflow.ts";
import type { RawServer } from "./raw-server.ts";
import { asked, askAll, groupServer, neighbours, textOf, whole } from "./group-call.ts";
import { answer, events, good } from "./raw-server.ts";

const vllm = (message: string): string =>
  JSON.stringify({ error: { message, type: "BadRequestError", param: "input_tokens", code: 400 } });
const sglang = (message: string): string =>
  JSON.stringify({ object: "error", message, type: "BadRequestError", param: null, code: 400 });
const wanted = (server: RawServer): readonly number[] =>
  server.requests.map(({ body }) => (JSON.parse(body) as { max_tokens: number }).max_tokens);

const texts = {
  vllm:
    "You passed 30000 input tokens and requested 8192 output tokens. However, the model's context length is only " +
    "32768 tokens, resulting in a maximum input length of 24576 tokens. Please reduce the length of the input prompt.",
  vllmCharacters:
    "You passed 500000 input characters and requested 8192 output tokens. However, the model's context length is " +
    "only 32768 tokens, resulting in a maximum input length of 24576 tokens (at most 393216 characters).",
  vllm2025:
    "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the " +
    "messages, 10000 in the completion). Please reduce the length of the messages or completion.",
  vllm2025Wanted:
    "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 8192 tokens " +
    "and your request has 2778 input tokens (8192 > 8192 - 2778).",
  vllmOld: "The decoder prompt (length 40000) is longer than the maximum model length of 32768.",
  sglang:
    "Requested token count exceeds the model's maximum context length of 65536 tokens. You requested a total of " +
    "67298 tokens: 59106 tokens from the input messages and 8192 tokens for the completion.",
  sglangPrompt: "The input (70000 tokens) is longer than the model's context length (65536 tokens).",
  llama: "request (3025 tokens) exceeds the available context size (2048 tokens), try increasing it",
};
const llamaBody = JSON.stringify({
  error: {
    code: 400,
    message: texts.llama,
    type: "exceed_context_size_error",
    n_prompt_tokens: 3025,
    n_ctx: 2048,
  },
});

test.each([
  ["vLLM 2026", vllm(texts.vllm), 30_000, 32_768],
  ["vLLM 2026 on a huge text", vllm(texts.vllmCharacters), null, 32_768],
  ["vLLM 2025", vllm(texts.vllm2025), 112_946, 16_384],
  ["vLLM 2025 on max_tokens", vllm(texts.vllm2025Wanted), 2_778, 8_192],
  ["vLLM before", vllm(texts.vllmOld), 40_000, 32_768],
  ["SGLang", sglang(texts.sglang), 59_106, 65_536],
  ["SGLang on the prompt alone", sglang(texts.sglangPrompt), 70_000, 65_536],
  ["llama-server", llamaBody, 3_025, 2_048],
])("reads prompt and window from the refusal of %s", (_server, body, prompt, window) => {
  expect(overflowIn(body)).toEqual({ prompt, window });
});

test.each([vllm("top_k must be 0"), "<html>too large</html>", ""])("sees no overflow in %j", (body) => {
  expect(overflowIn(body)).toBeNull();
});

test.each([
  ["vLLM 2026", vllm(texts.vllm), 2_752],
  ["vLLM 2025", vllm(texts.vllm2025Wanted), 5_398],
  ["SGLang", sglang(texts.sglang), 6_414],
])("asks %s for what is left of the window", async (_server, body, left) => {
  const { server, client } = await groupServer([answer(400, body), good]);

  const [outcome] = await askAll(client, neighbours(1, { maxTokens: 8_192 }));

  expect(textOf(outcome)).toBe("fine");
  expect(wanted(server)).toEqual([8_192, left]);
});

test("asks for the shorter answers of a group in one request as well", async () => {
  const { server, client } = await groupServer([
    answer(400, vllm(texts.vllm)),
    events(whole(0), whole(1), "[DONE]"),
  ]);

  const outcomes = await askAll(client, neighbours(2, { maxTokens: 8_192 }));

  expect(outcomes.map(textOf)).toEqual(["answer 0", "answer 1"]);
  expect(asked(server)).toEqual([
    [100, 2],
    [100, 2],
  ]);
});

test.each([
  ["vLLM 2025", vllm(texts.vllm2025), ["112946", "16384"]],
  ["vLLM 2026 on a huge text", vllm(texts.vllmCharacters), ["500000 input characters", "32768"]],
  ["SGLang on the prompt alone", sglang(texts.sglangPrompt), ["70000", "65536"]],
  ["llama-server", llamaBody, ["3025", "2048"]],
])("does not ask %s again when too little is left, and names the sizes", async (_server, body, sizes) => {
  const { server, client } = await groupServer([answer(400, body)]);

  const [outcome] = await askAll(client, neighbours(1, { maxTokens: 8_192 }));

  expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "overflow" } });
  for (const size of sizes)
    expect(outcome).toMatchObject({ failure: { detail: expect.stringContaining(size) as string } });
  expect(server.requests).toHaveLength(1);
});

test("is content with less where the sample is", async () => {
  const { client } = await groupServer([answer(400, vllm(texts.vllm)), good]);
  const short = { maxTokens: 8_192, minTokens: 2_753 };

  expect((await askAll(client, neighbours(1, short))).map(textOf)).toEqual(["overflow"]);
  expect((await askAll(client, neighbours(1, { ...short, minTokens: 512 }))).map(textOf)).toEqual(["fine"]);
});

test("gives up when the shorter answer does not fit either", async () => {
  const counted = (prompt: number): string => vllm(texts.vllm.replace("30000", String(prompt)));
  const { server, client } = await groupServer([
    answer(400, counted(30_000)),
    answer(400, counted(30_100)),
    good,
  ]);

  expect((await askAll(client, neighbours(1, { maxTokens: 8_192 }))).map(textOf)).toEqual(["overflow"]);
  expect(server.requests).toHaveLength(2);
});

test.each([
  ["asks at once for what fits", 3_000, "fine", [5_176]],
  ["does not send what cannot fit", 7_000, "overflow", []],
])("%s when the server counts tokens", async (_what, count, result, sent) => {
  const { server, client } = await groupServer(
    [good],
    {},
    {
      models: answer(200, JSON.stringify({ data: [{ id: "loc-gen", max_model_len: 8_192 }] })),
      tokenize: answer(200, JSON.stringify({ count })),
    },
  );
  const messages = [{ role: "user" as const, content: "some words ".repeat(900) }];

  const outcomes = await askAll(client, neighbours(1, { messages, maxTokens: 6_000 }));

  expect(outcomes.map(textOf)).toEqual([result]);
  expect(wanted(server)).toEqual(sent);
});
