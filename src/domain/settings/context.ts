import { z } from "zod";

/** Whose words, beside the issue itself, the models see. */
export const ContextSettings = z.strictObject({
  min_role: z
    .enum(["read", "triage", "write", "maintain", "admin"])
    .default("triage")
    .describe("Role from which on somebody's comments on the issue, and remarks in reviews, are shown"),
  include_author: z
    .boolean()
    .default(true)
    .describe("Whether the comments of the issue's author are shown whatever their role"),
  max_comments: z
    .int()
    .min(0)
    .max(100)
    .default(30)
    .describe("How many comments are shown, the newest first; 0: none"),
});
export type ContextSettings = z.output<typeof ContextSettings>;
