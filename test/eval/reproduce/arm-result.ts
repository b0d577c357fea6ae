import { profiles } from "../../../src/domain/settings.ts";
import type { ArmResult } from "../../../src/eval/reproduce/arm-result.ts";

/** What an arm came to on a case. */
export const armResult = (instance: string, change: Partial<ArmResult> = {}): ArmResult => ({
  schema: 1,
  instance,
  hash: "0".repeat(64),
  profile: profiles.paper,
  critique: false,
  feedbackTurns: 0,
  grade: null,
  patch: "diff",
  end: "validated",
  seconds: 10,
  tokens: 100,
  spent: { promptTokens: 80, answerTokens: 20, modelSeconds: 4, sandboxSeconds: 6 },
  missing: 0,
  models: { "loc-gen": "some-model" },
  localized: null,
  turns: null,
  ...change,
});
