import { z } from "zod";
import type { Role } from "../domain/transcript.ts";
import type { Prompt } from "../ports/prompt-book.ts";
import type { StageContext } from "./stage-context.ts";

/** Released checkpoints were trained at this window (paper, table 2); used when the server does not tell. */
const trainedWindow = 32_768;
/** Low estimate of characters per token for code, so that a prompt that fits here fits there. */
const charactersPerToken = 2.8;
const margin = 256;

/** Characters that a prompt's variables may take together so that prompt and answer fit the model's window. */
export async function characterBudget(context: StageContext, prompt: Prompt): Promise<number> {
  const window = (await windowOf(context, prompt.role)) ?? trainedWindow;
  const answer = Math.min(prompt.maxTokens, Math.floor(window / 2));
  const characters = (window - answer - margin) * charactersPerToken;
  return Math.max(2_000, Math.floor(characters) - prompt.template.length - context.problem.length);
}

/** Journaled: a resumed run must build the same prompts, or it would pay for every sample again. */
const windowOf = (context: StageContext, role: Role): Promise<number | null> =>
  context.journal.step(
    `window/${role}`,
    { model: context.inference.model(role) },
    z.number().nullable(),
    () => context.inference.window(role, context.signal),
  );
