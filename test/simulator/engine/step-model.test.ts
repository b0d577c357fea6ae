import { expect, test } from "vitest";
import { h100Bf16, h100Fp8, stepDuration, tokenFlops } from "../../../src/simulator/engine/parameters.ts";
import type { EngineParameters } from "../../../src/simulator/engine/parameters.ts";

const fp8Weights: EngineParameters = { ...h100Fp8, kvBytesPerToken: h100Bf16.kvBytesPerToken };

// Derived figures of the design note: tokens per second of a steady batch.
test.each([
  ["bf16", h100Bf16, 1, 2_000, 69],
  ["bf16", h100Bf16, 64, 2_000, 2_090],
  ["bf16", h100Bf16, 1, 10_000, 65],
  ["bf16", h100Bf16, 16, 10_000, 483],
  ["bf16", h100Bf16, 64, 10_000, 713],
  ["fp8 weights", fp8Weights, 1, 2_000, 106],
  ["fp8 weights", fp8Weights, 64, 10_000, 755],
  ["fp8 weights and KV", h100Fp8, 1, 10_000, 102],
  ["fp8 weights and KV", h100Fp8, 64, 10_000, 1_340],
])("decodes as derived: %s, %i sequences at %i tokens", (_name, parameters, sequences, context, expected) => {
  const flops = sequences * tokenFlops(parameters, 1, context);
  const load = { sequences, flops, kvTokens: sequences * context };
  const rate = (1_000 * sequences) / stepDuration(parameters, load);

  expect(rate / expected).toBeCloseTo(1, 1);
  expect(Math.abs(rate / expected - 1)).toBeLessThan(0.02);
});
