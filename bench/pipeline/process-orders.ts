import { z } from "zod";

/** What the model servers of a measurement are told. */
export const ModelOrder = z.object({ timeScale: z.number(), seed: z.number(), lengths: z.number() });
export type ModelOrder = z.infer<typeof ModelOrder>;

/** What the bot of a measurement is told. */
export const BotOrder = z.object({
  url: z.string(),
  seed: z.number(),
  issues: z.number(),
  /** Parses equal texts once, which the product does not do. */
  remembers: z.boolean(),
});
export type BotOrder = z.infer<typeof BotOrder>;

export const BotResult = z.object({
  seconds: z.number(),
  /** Of processor time, user and system. */
  cpuSeconds: z.number(),
  /** The most memory it had, in MB. */
  memoryMb: z.number(),
});
export type BotResult = z.infer<typeof BotResult>;

/** Of a bot that has run for a while: its first issue, whose answers are short, is not measured. */
export const warmUpIssue = 1_000;
