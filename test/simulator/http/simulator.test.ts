import { expect, test } from "vitest";
import type { Rule } from "../../../src/simulator/script/rules.ts";
import { chat, serve } from "./simulator-call.ts";

const path = "/v1/chat/completions";
const long: readonly Rule[] = [{ match: {}, choices: [{ text: "word ".repeat(3_000) }] }];

test("is loud about a call that no rule fits", async () => {
  const { post } = await serve({ rules: [] });
  const response = await post(path, chat());

  expect([response.status, await response.text()]).toEqual([500, expect.stringContaining("unscripted")]);
});

test("refuses what is beyond its queue with 503", async () => {
  const { post } = await serve({ engine: { maxQueuedSequences: 4 } });

  expect((await post(path, chat({ n: 5 }))).status).toBe(503);
  expect((await post(path, chat({ n: 5, stream: true }))).status).toBe(503);
  expect((await post(path, chat({ n: 4 }))).status).toBe(200);
});

test.each([
  ["frees the place of a client that leaves a stream", {}, true, 0],
  ["frees the place of a client that leaves before the answer", {}, false, 0],
  ["works on for nobody where aborting is broken", { abortBroken: true }, true, 1],
  ["works on for nobody when no stream is open, as llama-server does", { dialect: "llamacpp" }, false, 1],
] as const)("%s", async (_title, options, stream, stillRunning) => {
  const { post, simulator } = await serve({ rules: long, timeScale: 1, ...options });
  const leave = new AbortController();
  const asked = post(path, chat({ stream }), leave.signal).catch(() => undefined);
  const running = (): number | undefined => simulator.simulation.engine("m")?.counters().running;
  await expect.poll(running).toBe(1);
  if (stream) await asked;

  leave.abort();

  await expect.poll(() => simulator.requests()[0]?.ended).toBe("client-left");
  expect(running()).toBe(stillRunning);
});

test("keeps to the scale of its time", async () => {
  const { post, simulator } = await serve({ timeScale: 0.1 });
  const started = performance.now();
  await (await post(path, chat())).text();

  const realMs = performance.now() - started;
  const [entry] = simulator.simulation.journal.entries();
  const simulatedMs = (entry?.choices[0]?.endedAt ?? 0) - (entry?.arrivedAt ?? 0);
  expect(simulatedMs).toBeGreaterThan(300);
  expect(realMs).toBeGreaterThan(0.1 * simulatedMs - 5);
});

test("tells what its engines do under vLLM's names", async () => {
  const { post, simulator } = await serve();
  await (await post(path, chat({ n: 2 }))).text();
  const text = await (await fetch(`${simulator.url}/metrics`)).text();

  for (const line of ['num_requests_running{model_name="m"} 0', 'num_preemptions_total{model_name="m"} 0']) {
    expect(text).toContain(`vllm:${line}`);
  }
  expect(text).toMatch(/vllm:generation_tokens_total\{model_name="m"\} [1-9]/);
  expect(text).toContain('vllm:request_success_total{model_name="m",finished_reason="stop"} 2');
  expect(text).toContain('vllm:time_to_first_token_seconds_bucket{model_name="m",le="+Inf"} 2');
  expect(text).toContain('vllm:request_queue_time_seconds_count{model_name="m"} 2');
});

test.each([
  ["sglang", 'sglang:num_running_reqs{model_name="m"} 0'],
  ["llamacpp", "llamacpp:requests_processing 0"],
] as const)("tells it under the names of %s", async (dialect, line) => {
  const { simulator } = await serve({ dialect });

  expect(await (await fetch(`${simulator.url}/metrics`)).text()).toContain(line);
});

test("counts tokens of messages and of prompts", async () => {
  const { post } = await serve();
  const prompt = "x".repeat(32);

  expect(await (await post("/tokenize", { messages: [{ role: "user", content: prompt }] })).json()).toEqual({
    count: 10,
    max_model_len: 32_768,
  });
  expect(await (await post("/tokenize", { prompt })).json()).toMatchObject({ count: 10 });
});

test("serves adapters that were loaded, without sharing the base's prefixes, until they are unloaded", async () => {
  const { post, simulator } = await serve({ rules: [{ match: {}, choices: [{ text: "ok" }] }] });
  const messages = [{ role: "user", content: "the same prompt ".repeat(50) }];
  const statusOf = async (model: string): Promise<number> =>
    (await post(path, chat({ model, messages }))).status;

  expect(await statusOf("repo@1")).toBe(404);
  expect((await post("/v1/load_lora_adapter", { lora_name: "repo@1", lora_path: "/x" })).status).toBe(200);
  expect((await post("/v1/load_lora_adapter", { lora_name: "repo@1", lora_path: "/x" })).status).toBe(400);
  expect([await statusOf("m"), await statusOf("repo@1"), await statusOf("repo@1")]).toEqual([200, 200, 200]);
  expect((await post("/v1/unload_lora_adapter", { lora_name: "repo@1" })).status).toBe(200);
  expect(await statusOf("repo@1")).toBe(404);

  const cached = simulator.simulation.journal.entries().map(({ choices }) => choices[0]?.cachedTokens);
  expect(cached).toEqual([0, 0, 240]);
});

test("shows its journal and its time", async () => {
  const { post, simulator } = await serve();
  await (await post(path, chat({ n: 2 }))).text();
  const admin = async (name: string): Promise<unknown> =>
    (await fetch(`${simulator.url}/admin/${name}`)).json();

  expect(await admin("journal")).toMatchObject({
    requests: [{ model: "m", ended: "answered" }],
    calls: [{ model: "m", n: 2, choices: [{ reason: "finished", batch: 2 }, { reason: "finished" }] }],
  });
  expect(await admin("clock")).toEqual({ now: expect.any(Number), timeScale: 0 });
});

test("records what a real server says, once, as a rule", async () => {
  const upstream = await serve({ rules: [{ match: {}, choices: [{ text: "from upstream" }] }] });
  const saved: Rule[] = [];
  const record = { upstream: `${upstream.simulator.url}/v1`, save: (rule: Rule) => void saved.push(rule) };
  const recording = await serve({ rules: [], record });

  expect(await (await recording.post(path, chat({ n: 2 }))).text()).toContain("from upstream");
  expect(saved).toMatchObject([{ match: { model: "m" }, choices: [{ text: "from upstream" }, {}] }]);
  const replayed = await serve({ rules: saved });
  expect(await (await replayed.post(path, chat())).text()).toContain("from upstream");
});
