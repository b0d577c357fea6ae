import { z } from "zod";
import { Profile } from "../../domain/settings.ts";
import { Grade } from "../grading/grade.ts";
import { Turns } from "../turns/turns.ts";

const Hit = z.object({ complete: z.boolean(), any: z.boolean(), recall: z.number() }).nullable();

/** Whether what was localized holds what the true fix changes; null where there was nothing to find. */
export const LocalizationHits = z.object({ files: Hit, lines: Hit, functions: Hit });
export type LocalizationHits = z.infer<typeof LocalizationHits>;

/** What one arm came to on one case, kept when it is finished. */
export const ArmResult = z.object({
  schema: z.literal(1),
  instance: z.string().min(1),
  /** See suiteHash: of the case as it was then. */
  hash: z.string().regex(/^[0-9a-f]{64}$/, "is no suite hash"),
  profile: Profile,
  critique: z.boolean().default(false),
  feedbackTurns: z.int().default(0),
  /** Null where nothing was proposed. */
  patch: z.string().nullable(),
  /** How loudly it was proposed, or why it was not. */
  end: z.string().min(1),
  seconds: z.number().nonnegative(),
  tokens: z.number().nonnegative(),
  /** See Spent: of all that it asked for, also of what another arm had asked for before. */
  spent: z
    .object({
      promptTokens: z.number(),
      answerTokens: z.number(),
      modelSeconds: z.number(),
      sandboxSeconds: z.number(),
    })
    .nullable()
    .default(null),
  /** Samples that a replay found no answer of; none where models were asked. */
  missing: z.number().int().nonnegative(),
  /** By role, as the servers name them. */
  models: z.record(z.string(), z.string()),
  /** What the case's own tests say of the patch of a run of the whole method; null where they cannot be run here. */
  grade: Grade.nullable().default(null),
  /** Of a run of the whole method. */
  localized: LocalizationHits.nullable().default(null),
  /** Of a table of turns. */
  turns: Turns.nullable().default(null),
});
export type ArmResult = z.infer<typeof ArmResult>;
