import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { Provenance } from "./provenance.ts";
import { Usage } from "./transcript.ts";

/**
 * What opens a run's page: whoever may read the issue finds it there, and nobody guesses it. Another secret makes other
 * keys.
 */
export function runPageKey(secret: string, runId: string): string {
  const key = createHmac("sha256", secret).update("copatcher run page v1").digest();
  return createHmac("sha256", key).update(runId).digest("base64url");
}

/** Takes as long for a key that is nearly right as for any other. */
export function opensRunPage(secret: string, runId: string, key: string): boolean {
  const [right, given] = [runPageKey(secret, runId), key].map((text) => Buffer.from(text));
  return right !== undefined && given?.length === right.length && timingSafeEqual(given, right);
}

/** `publicUrl` is where people reach the bot, without a trailing slash. */
export const runPageUrl = (publicUrl: string, secret: string, runId: string): string =>
  `${publicUrl}/runs/${encodeURIComponent(runId)}?key=${runPageKey(secret, runId)}`;

/** What a page shows of a run's stored report, see `summarise`. */
export const ReportOnPage = z.object({
  verdict: z.string(),
  explanation: z.string().exactOptional(),
  patch: z.string(),
  seconds: z.number(),
  models: z.record(z.string(), z.string()),
  usage: Usage,
  /** Reports of earlier versions have none. */
  provenance: Provenance.exactOptional(),
  sandbox: z.string(),
  classes: z.array(
    z.object({
      id: z.string(),
      votes: z.number(),
      lines: z.number(),
      verdict: z.string(),
      why: z.string(),
    }),
  ),
  pocs: z.object({
    reproduced: z.array(
      z.object({ id: z.string(), before: z.string(), after: z.string(), result: z.string() }),
    ),
  }),
});
export type ReportOnPage = z.infer<typeof ReportOnPage>;
