import { z } from "zod";
import { ExecutionOutcome } from "../../domain/execution.ts";
import { Completion } from "../../domain/transcript.ts";
import type { Spent } from "../metrics/cost.ts";

const Executions = z.array(ExecutionOutcome);

/** What a step of the journal took when it was worked out: an answer of a model, or commands in a sandbox. */
export function costOfStep(name: string, value: unknown): Spent {
  const none = { promptTokens: 0, answerTokens: 0, modelSeconds: 0, sandboxSeconds: 0 };
  if (name.startsWith("sample/")) {
    const { usage, milliseconds } = Completion.parse(value);
    const { prompt: promptTokens, completion: answerTokens } = usage;
    return { ...none, promptTokens, answerTokens, modelSeconds: milliseconds / 1000 };
  }
  if (!name.startsWith("execute/")) return none;
  const took = Executions.parse(value).map((one) => (one.kind === "not-started" ? 0 : one.durationMs));
  return { ...none, sandboxSeconds: took.reduce((sum, milliseconds) => sum + milliseconds, 0) / 1000 };
}
