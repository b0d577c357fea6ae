import { z } from "zod";
import { asRepairError } from "../../domain/errors.ts";
import type { AppForge, DeliveryAttempt } from "../../ports/app-forge.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Ask, Query } from "./app-ask.ts";
import { LongId } from "./long-id.ts";

const Attempts = z.array(
  z.object({
    id: LongId,
    guid: z.string(),
    delivered_at: z.string(),
    redelivery: z.boolean().default(false),
    status_code: z.int(),
    event: z.string(),
    action: z.string().nullable(),
    installation_id: z.int().nullish(),
    repository_id: z.int().nullish(),
  }),
);

type Attempt = DeliveryAttempt & { readonly again: boolean };

const per_page = 100;
/** Of one call: with a call every five minutes, half of what GitHub allows an App in an hour. */
const mostPages = 200;
/** Attempts are listed minutes after they were made, in milliseconds. */
const overlap = 10 * 60_000;

/**
 * The attempts of the App's webhooks. What an earlier call has read is not read again: GitHub lists every success, and
 * its filter by outcome knows only those failures that have a status from 400 to 599. What one call does not come to,
 * the next one goes on with.
 */
export function createHookAttempts(ask: Ask, logger: Logger): AppForge["attempts"] {
  let newest = -Infinity;
  /** Of what was read earlier, the failures, and what came of deliveries that were repeated. */
  let telling: readonly Attempt[] = [];
  /** Where those begin that no call has come to. */
  let unread: string | null = null;

  /** A place in the list that GitHub does not know (any more) must not be asked for for ever. */
  function anew(error: unknown): never {
    if (asRepairError(error).code === "forge-rejected") [unread, newest] = [null, -Infinity];
    throw error;
  }

  return async (since) => {
    const news = await readBack(ask, null, Math.max(since, newest - overlap), mostPages);
    const from = news.next ?? unread;
    const older = from === null ? null : await readBack(ask, from, since, mostPages - news.pages).catch(anew);
    unread = older?.next ?? null;
    if (unread !== null)
      logger.warn({ pages: mostPages }, "more webhook deliveries than one look reads: the next one goes on");
    const read = [...news.attempts, ...(older?.attempts ?? []), ...telling];
    const all = [...new Map(read.map((one) => [one.id, one])).values()].filter(({ time }) => time >= since);
    newest = all.reduce((latest, { time }) => Math.max(latest, time), newest);
    telling = all.filter(({ ok, again }) => !ok || again);
    return all;
  };
}

/** What was tried back to `until`; `next` is where it goes on when `most` pages did not reach that far. */
async function readBack(
  ask: Ask,
  from: string | null,
  until: number,
  most: number,
): Promise<{ readonly attempts: readonly Attempt[]; readonly next: string | null; readonly pages: number }> {
  const attempts: Attempt[] = [];
  let next = from;
  for (let pages = 1; pages <= most; pages++) {
    const query: Query = { per_page, ...(next === null ? {} : { cursor: next }) };
    const { data, cursor } = await ask(null, "GET /app/hook/deliveries", query, Attempts);
    const read = data.map(attemptOf);
    attempts.push(...read);
    next = cursor;
    if (next === null || read.some(({ time }) => time < until)) return { attempts, next: null, pages };
  }
  return { attempts, next, pages: most };
}

const attemptOf = (it: z.infer<typeof Attempts>[number]): Attempt => ({
  id: it.id,
  delivery: it.guid,
  event: it.action === null ? it.event : `${it.event}.${it.action}`,
  time: Date.parse(it.delivered_at),
  ok: it.status_code >= 200 && it.status_code < 300,
  again: it.redelivery,
  installation: it.installation_id ?? null,
  repository: it.repository_id ?? null,
});
