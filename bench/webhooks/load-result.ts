import { z } from "zod";

/** What the load generator is asked for. */
export type Load = {
  readonly port: number;
  /** Deliveries that concern nothing of ours, or that start or change a run. */
  readonly kind: "irrelevant" | "ours";
  readonly count: number;
  readonly seconds: number;
  /** Sent at this rate whatever the answers; null sends the next when one is answered. */
  readonly perSecond: number | null;
  readonly connections: number;
  /** Says `began` before the first delivery, and goes on with one that nobody answers until somebody does. */
  readonly throughOutage: boolean;
};

export const Began = z.object({ began: z.literal(true) });

export const LoadResult = z.object({
  /** Answers with 2xx. */
  perSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  refused: z.number(),
  /** Ids of the deliveries that were answered with 2xx. */
  accepted: z.array(z.string()),
});
export type LoadResult = z.infer<typeof LoadResult>;
