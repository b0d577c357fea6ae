import { z } from "zod";

/** What a measured process is told to do. */
export const Order = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("read"),
    repository: z.string(),
    mirrors: z.string(),
    commits: z.tuple([z.string(), z.string()]),
  }),
  /** What a run reads of a commit before it can ask for samples. */
  z.object({ kind: z.literal("begin"), repository: z.string(), mirrors: z.string(), commit: z.string() }),
  /** `things` classes in each patched file. */
  z.object({ kind: z.literal("normalise"), patches: z.number(), things: z.number() }),
]);
export type Order = z.infer<typeof Order>;

/** Milliseconds, and MiB at the process' peak. */
export const Reading = z.object({
  sources: z.number(),
  definitions: z.number(),
  mirrorMs: z.number(),
  coldMs: z.number(),
  warmMs: z.number(),
  memoryMb: z.number(),
});
export type Reading = z.infer<typeof Reading>;

/** Milliseconds, and definitions in the files that were suspected. */
export const Beginning = z.object({ definitions: z.number(), ms: z.number() });
export type Beginning = z.infer<typeof Beginning>;

export const Normalising = z.object({
  patches: z.number(),
  classes: z.number(),
  fileBytes: z.number(),
  ms: z.number(),
});
export type Normalising = z.infer<typeof Normalising>;
