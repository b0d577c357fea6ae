import type { Prompt } from "../ports/prompt-book.ts";
import type { StageContext } from "./stage-context.ts";

/** A prompt that names the target language, and the values of the variables with which it does. */
export type LanguagePrompt = { readonly prompt: Prompt; readonly values: Readonly<Record<string, string>> };

/**
 * The models were trained on prompts that say Python, to the byte; for other languages there is a general form of each,
 * which is the same step of the method.
 */
export function promptFor(
  { prompts, language }: StageContext,
  id: "generate" | "critique" | "poc-asserting" | "poc-printing",
): LanguagePrompt {
  if (language.id === "python") return { prompt: prompts.prompt(id), values: {} };
  const values = { language: language.name, fence: language.fences[0] };
  return { prompt: prompts.prompt(`${id}-any`), values };
}
