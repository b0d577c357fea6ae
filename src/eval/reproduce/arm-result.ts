import { z } from "zod";
import { Profile } from "../../domain/settings.ts";

/** What one arm came to on one case, kept when it is finished. */
export const ArmResult = z.object({
  schema: z.literal(1),
  instance: z.string().min(1),
  /** See suiteHash: of the case as it was then. */
  hash: z.string().regex(/^[0-9a-f]{64}$/, "is no suite hash"),
  profile: Profile,
  /** Null where nothing was proposed. */
  patch: z.string().nullable(),
  /** How loudly it was proposed, or why it was not. */
  end: z.string().min(1),
  seconds: z.number().nonnegative(),
  tokens: z.number().nonnegative(),
  /** Samples that a replay found no answer of; none where models were asked. */
  missing: z.number().int().nonnegative(),
  /** By role, as the servers name them. */
  models: z.record(z.string(), z.string()),
});
export type ArmResult = z.infer<typeof ArmResult>;
