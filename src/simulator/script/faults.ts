import { z } from "zod";

const chunks = z.int().nonnegative();
/** Real milliseconds whatever the time scale is: the client's time limits, which faults are there to test, are real. */
const ms = z.number().nonnegative();

/** What a server can do wrong. Those with `chunks` do it after so many events of the stream. */
export const ServerFault = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("hang") }),
  z.strictObject({ kind: z.literal("reset") }),
  z.strictObject({ kind: z.literal("delay-headers"), ms }),
  z.strictObject({ kind: z.literal("delay-first-token"), ms }),
  z.strictObject({ kind: z.literal("delay-chunks"), ms }),
  z.strictObject({ kind: z.literal("stall"), chunks }),
  z.strictObject({ kind: z.literal("reset-after"), chunks }),
  /** A regular end of the body without `[DONE]` and, unless all was said, without a finish reason. */
  z.strictObject({ kind: z.literal("end-early"), chunks }),
  z.strictObject({ kind: z.literal("half-line"), chunks }),
  z.strictObject({ kind: z.literal("bad-json"), chunks }),
  z.strictObject({ kind: z.literal("error-event"), chunks }),
  z.strictObject({ kind: z.literal("html"), status: z.union([z.literal(200), z.literal(502)]) }),
  z.strictObject({ kind: z.literal("overflow") }),
  z.strictObject({ kind: z.literal("unauthorized") }),
  z.strictObject({ kind: z.literal("not-found") }),
  z.strictObject({ kind: z.literal("server-error") }),
  z.strictObject({
    kind: z.literal("overload"),
    status: z.union([z.literal(429), z.literal(503)]),
    retryAfter: z.string().optional(),
  }),
  /** An answer without a word. */
  z.strictObject({ kind: z.literal("empty") }),
  z.strictObject({ kind: z.literal("empty-choices") }),
  z.strictObject({ kind: z.literal("null-content") }),
  z.strictObject({ kind: z.literal("no-role") }),
  /** The token limit is reached before the reasoning ends. */
  z.strictObject({ kind: z.literal("cut-in-reasoning") }),
  /** One word again and again until the token limit. */
  z.strictObject({ kind: z.literal("token-loop") }),
  z.strictObject({ kind: z.literal("wrong-usage"), factor: z.number().nonnegative() }),
  /** Chunks without end, whatever the token limit says. */
  z.strictObject({ kind: z.literal("endless") }),
  /** One event of `bytes`. */
  z.strictObject({ kind: z.literal("huge"), bytes: z.int().positive() }),
  /** The port is closed for so long, and every connection with it. */
  z.strictObject({ kind: z.literal("refuse"), ms }),
  /** All answers under way break off, the cache is lost, and `/health` and everything else says 503 for so long. */
  z.strictObject({ kind: z.literal("restart"), ms }),
  /** From now on every step takes so many times longer. */
  z.strictObject({ kind: z.literal("slow"), factor: z.number().positive() }),
]);
export type ServerFault = z.infer<typeof ServerFault>;
export type FaultKind = ServerFault["kind"];

/** When a fault hits: always, at the first `times` calls, at the `nth` (from 1), or with probability `rate`. */
export const PlannedFault = z.strictObject({
  fault: ServerFault,
  times: z.int().positive().optional(),
  nth: z.int().positive().optional(),
  rate: z.number().min(0).max(1).optional(),
});
export type PlannedFault = z.infer<typeof PlannedFault>;

/** Whether a planned fault hits its `call`th call (from 1); `chance` is a draw of that call. */
export function hits(planned: PlannedFault, call: number, chance: number): boolean {
  if (planned.nth !== undefined) return call === planned.nth;
  if (planned.times !== undefined) return call <= planned.times;
  return planned.rate === undefined || chance < planned.rate;
}
