import { z } from "zod";

export type Role = "loc-gen" | "val-assert" | "val-no-assert";

export const roles: readonly Role[] = ["loc-gen", "val-assert", "val-no-assert"];

export type ChatMessage = { readonly role: "system" | "user" | "assistant"; readonly content: string };

/** Tokens of one or more calls; `estimated` when the server reported none. */
export const Usage = z
  .object({ prompt: z.number(), completion: z.number(), estimated: z.boolean() })
  .readonly();
export type Usage = z.infer<typeof Usage>;

/** One finished model answer. `text` is what follows the reasoning; parsers see nothing else. */
export const Completion = z
  .object({
    text: z.string(),
    reasoning: z.string(),
    finish: z.enum(["stop", "length"]),
    model: z.string(),
    usage: Usage,
    milliseconds: z.number(),
  })
  .readonly();
export type Completion = z.infer<typeof Completion>;

export const noUsage: Usage = { prompt: 0, completion: 0, estimated: false };

export const addUsage = (a: Usage, b: Usage): Usage => ({
  prompt: a.prompt + b.prompt,
  completion: a.completion + b.completion,
  estimated: a.estimated || b.estimated,
});
