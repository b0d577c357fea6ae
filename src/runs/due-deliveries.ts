import type { DeliveryAttempt } from "../ports/app-forge.ts";

const minute = 60_000;
const longestPause = 6 * 60 * minute;

/** What a person did and waits for, by the beginning of its name: labels, comments and ticks, reviews, installations. */
const awaited = [
  "issues.labeled",
  "issue_comment.",
  "pull_request.edited",
  "pull_request_review",
  "check_run.requested_action",
  "check_run.rerequested",
  "installation",
];
/** Sent for everything that goes on in a repository; most of it turns out not to concern us. */
const frequent: ReadonlySet<string> = new Set(["check_run.completed", "pull_request.synchronize", "push"]);

/** Lower goes first. */
function rank(event: string): number {
  if (awaited.some((beginning) => event.startsWith(beginning))) return 0;
  return frequent.has(event) ? 2 : 1;
}

/**
 * The last attempt of each delivery that was never taken, of events that we act on; what a person waits for first, then
 * oldest first. One that fails again and again is asked for at growing distances.
 */
export function dueDeliveries(
  attempts: readonly DeliveryAttempt[],
  events: ReadonlySet<string>,
  now: number,
): readonly DeliveryAttempt[] {
  const byDelivery = new Map<string, readonly DeliveryAttempt[]>();
  for (const attempt of attempts)
    byDelivery.set(attempt.delivery, [...(byDelivery.get(attempt.delivery) ?? []), attempt]);
  return [...byDelivery.values()]
    .filter((tries) => tries.every(({ ok, event }) => !ok && events.has(event)))
    .flatMap((tries) => {
      const last = tries.toSorted((a, b) => b.time - a.time)[0];
      return last !== undefined && now - last.time >= pauseAfter(tries.length) ? [last] : [];
    })
    .toSorted((a, b) => rank(a.event) - rank(b.event) || a.time - b.time);
}

/** None after the first attempt, then five minutes and twice as long each time. */
const pauseAfter = (attempts: number): number =>
  attempts <= 1 ? 0 : Math.min(longestPause, 5 * minute * 2 ** (attempts - 2));
