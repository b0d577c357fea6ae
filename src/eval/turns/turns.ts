import { z } from "zod";

/** One answer and what the deciding tests say of it. */
export const Turn = z.object({
  solved: z.boolean(),
  /** Why the answer is no patch, null where it is one. */
  rejected: z.string().nullable(),
  patch: z.string().nullable(),
  /** The functions that the true fix changes, as this answer leaves them; null where it leaves none. */
  functions: z.string().nullable(),
  /** See ReasoningLength. */
  reasoning: z.object({
    words: z.number(),
    characters: z.number(),
    tokens: z.number().nullable(),
    blocks: z.number(),
    unclosed: z.boolean(),
    cutByLimit: z.boolean(),
  }),
  /** What the tests left when they did not pass; see FailedTurn. */
  failure: z
    .object({
      output: z.string(),
      timedOut: z.boolean(),
      collected: z.boolean(),
      /** The machinery broke, which is no fault of the answer. */
      broke: z.boolean().default(false),
    })
    .nullable(),
});
export type Turn = z.infer<typeof Turn>;

/** All turns of one case, the last of them right or the last that was allowed. */
export const Turns = z.object({
  language: z.string().min(1),
  /** The functions as the true fix has them; null where it removes one. */
  reference: z.string().nullable(),
  taken: z.array(Turn),
});
export type Turns = z.infer<typeof Turns>;

/** The first right turn, from 1; null when none is. */
export function solvedAt({ taken }: Turns): number | null {
  const place = taken.findIndex(({ solved }) => solved);
  return place === -1 ? null : place + 1;
}
