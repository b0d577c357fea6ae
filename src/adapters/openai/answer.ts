import { z } from "zod";
import { splitReasoning } from "../../domain/reasoning.ts";
import { estimateTokens } from "../../domain/token-estimate.ts";
import type { ChatMessage, Completion, Usage } from "../../domain/transcript.ts";

/** What is read of a streamed chunk; servers add and leave out a lot. */
export const Chunk = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: z
          .looseObject({
            content: z.string().nullish(),
            reasoning: z.string().nullish(),
            reasoning_content: z.string().nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z.looseObject({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
});
export type Chunk = z.infer<typeof Chunk>;

/** An answer while it arrives. */
export type Answer = {
  add(chunk: Chunk): void;
  /** Characters so far, reasoning included. */
  size(): number;
  /** As the server said it; null while the answer is not finished. */
  finish(): string | null;
  completion(messages: readonly ChatMessage[], model: string, milliseconds: number): Completion;
};

export function createAnswer(): Answer {
  const content: string[] = [];
  const reasoning: string[] = [];
  let size = 0;
  let finish: string | null = null;
  let reported: Usage | null = null;
  const keep = (parts: string[], part: string | null | undefined): void => {
    if (!part) return;
    parts.push(part);
    size += part.length;
  };
  return {
    add(chunk) {
      for (const choice of chunk.choices ?? []) {
        keep(content, choice.delta?.content);
        keep(reasoning, choice.delta?.reasoning ?? choice.delta?.reasoning_content);
        finish = choice.finish_reason ?? finish;
      }
      // llama-server reports usage once per choice, so the chunks add up.
      if (chunk.usage) {
        reported = {
          prompt: (reported?.prompt ?? 0) + chunk.usage.prompt_tokens,
          completion: (reported?.completion ?? 0) + chunk.usage.completion_tokens,
          estimated: false,
        };
      }
    },
    size: () => size,
    finish: () => finish,
    completion: (messages, model, milliseconds) => ({
      ...splitReasoning(content.join(""), reasoning.join("")),
      finish: finish === "length" ? "length" : "stop",
      model,
      usage: reported ?? estimated(messages, content.join("") + reasoning.join("")),
      milliseconds,
    }),
  };
}

const estimated = (messages: readonly ChatMessage[], answer: string): Usage => ({
  prompt: messages.reduce((sum, message) => sum + estimateTokens(message.content), 0),
  completion: estimateTokens(answer),
  estimated: true,
});
