import { z } from "zod";
import { splitReasoning } from "../../domain/reasoning.ts";
import type { SplitAnswer } from "../../domain/reasoning.ts";
import { createLoopDetector } from "./repetition.ts";

const Delta = z.looseObject({
  content: z.string().nullish(),
  reasoning: z.string().nullish(),
  reasoning_content: z.string().nullish(),
});
export type Delta = z.infer<typeof Delta>;

const tokens = z.int().nonnegative();

/** What is read of a streamed chunk; servers add and leave out a lot. Counts that cannot be are no counts. */
export const Chunk = z.looseObject({
  /** Of any form; SGLang says `object: "error"` instead. */
  error: z.unknown().optional(),
  object: z.string().nullish().catch(null),
  model: z.string().nullish().catch(null),
  choices: z
    .array(
      z.looseObject({
        index: z.number().nullish(),
        delta: Delta.nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z.looseObject({ prompt_tokens: tokens, completion_tokens: tokens }).nullish().catch(null),
});
export type Chunk = z.infer<typeof Chunk>;

/** One choice's answer while it arrives. */
export type Answer = {
  add(delta: Delta): void;
  /** Characters so far, reasoning included. */
  size(): number;
  /** What it says again and again without end, null while it does not. */
  loop(): string | null;
  /** All of it, reasoning first. */
  whole(): string;
  split(): SplitAnswer;
};

export function createAnswer(): Answer {
  const content: string[] = [];
  const reasoning: string[] = [];
  const detector = createLoopDetector();
  let size = 0;
  let loop: string | null = null;
  const keep = (parts: string[], part: string | null | undefined): void => {
    if (!part) return;
    parts.push(part);
    size += part.length;
    loop ??= detector.add(part);
  };
  return {
    add(delta) {
      keep(reasoning, delta.reasoning ?? delta.reasoning_content);
      keep(content, delta.content);
    },
    size: () => size,
    loop: () => loop,
    whole: () => [...reasoning, ...content].join(""),
    split: () => splitReasoning(content.join(""), reasoning.join("")),
  };
}
