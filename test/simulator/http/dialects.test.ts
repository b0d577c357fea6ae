import { expect, test } from "vitest";
import { chat, eventsOf, serve } from "./simulator-call.ts";

const path = "/v1/chat/completions";
const long = (tokens: number) => [{ role: "user", content: "x".repeat((tokens * 16) / 5) }];

test.each([
  [
    "vllm",
    30_000,
    8_192,
    /You passed 30000 input tokens and requested 8192 output tokens\. .* only 32768 tokens, .* maximum input length of 24576 tokens/,
  ],
  [
    "vllm-2025",
    40_000,
    1_000,
    /maximum context length is 32768 tokens\. However, you requested 41000 tokens \(40000 in the messages, 1000 in the completion\)/,
  ],
  [
    "vllm-2025",
    30_000,
    8_000,
    /'max_tokens' or 'max_completion_tokens' is too large: 8000\. .* your request has 30000 input tokens/,
  ],
  [
    "sglang",
    30_000,
    8_000,
    /^\{"object":"error","message":"Requested token count exceeds .* of 32768 tokens\. You requested a total of 38000 tokens: 30000 tokens from the input messages and 8000 tokens/,
  ],
  [
    "sglang",
    40_000,
    10,
    /The input \(40000 tokens\) is longer than the model's context length \(32768 tokens\)/,
  ],
] as const)("refuses as %s does: %i tokens and %i wanted", async (dialect, prompt, wanted, expected) => {
  const { post } = await serve({ dialect });
  const response = await post(path, chat({ messages: long(prompt), max_tokens: wanted }));

  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(expected);
});

test("gives a call without a token limit the rest of the window", async () => {
  const { post } = await serve({
    rules: [{ match: {}, choices: [{ text: "word ".repeat(9_000) }] }],
    engine: { window: 2_048 },
  });

  expect(await (await post(path, chat({ messages: long(1_000) }))).json()).toMatchObject({
    choices: [{ finish_reason: "length" }],
    usage: { prompt_tokens: 1_000, completion_tokens: 1_048 },
  });
});

test("cuts long prompts without a word, and gives one choice, as ollama does", async () => {
  const { post } = await serve({ dialect: "ollama" });
  const response = await post(path, chat({ messages: long(9_000), n: 3 }));

  expect(await response.json()).toMatchObject({ choices: [{ index: 0 }], usage: { prompt_tokens: 4_095 } });
});

test.each([
  ["vllm", 404],
  ["vllm-2025", 404],
  ["ollama", 404],
  ["sglang", 200],
  ["llamacpp", 200],
] as const)("answers an unknown model as %s does: %i", async (dialect, status) => {
  const { post } = await serve({ dialect });

  expect((await post(path, chat({ model: "gpt-9" }))).status).toBe(status);
});

test.each([
  ["vllm", "reasoning"],
  ["vllm-2025", "reasoning_content"],
  ["sglang", "reasoning_content"],
] as const)("separates reasoning where asked to, as %s does: %s", async (dialect, field) => {
  const { post } = await serve({ dialect, parsesReasoning: true, streamInterval: 3 });

  const whole = await (await post(path, chat())).json();
  const events = eventsOf(await (await post(path, chat({ stream: true }))).text()).slice(0, -1);

  expect(whole).toMatchObject({
    choices: [{ message: { [field]: "\nhm\n", content: expect.stringMatching(/^\n\nParcels/) } }],
  });
  const deltas = events.flatMap(
    (event) => (JSON.parse(event) as { choices: { delta: Record<string, string> }[] }).choices,
  );
  const joined = (name: string): string => deltas.map(({ delta }) => delta[name] ?? "").join("");
  expect([joined(field), joined("content")]).toEqual([
    "\nhm\n",
    expect.stringMatching(/^\n\nParcels.*kilograms\.$/),
  ]);
});

test("refuses priorities unless the engine is run with them", async () => {
  const fcfs = await serve();
  const priority = await serve({ engine: { policy: "priority" } });

  expect((await fcfs.post(path, chat({ priority: 1 }))).status).toBe(400);
  expect((await priority.post(path, chat({ priority: 1 }))).status).toBe(200);
});

test("counts a stream's choices together, prompt once, as vllm does", async () => {
  const { post } = await serve({ reportsCached: true });
  const body = chat({ n: 3, stream: true, stream_options: { include_usage: true } });
  const events = eventsOf(await (await post(path, body)).text());

  const whole = (await (await post(path, chat())).json()) as {
    usage: { prompt_tokens: number; completion_tokens: number };
  };
  const { prompt_tokens: prompt, completion_tokens: completion } = whole.usage;
  expect(events.at(-1)).toBe("[DONE]");
  expect(JSON.parse(events.at(-2) ?? "")).toMatchObject({
    choices: [],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: 3 * completion,
      prompt_tokens_details: { cached_tokens: 0 },
    },
  });
});
