import type { DeliveryAttempt } from "../ports/app-forge.ts";

const minute = 60_000;
const longestPause = 6 * 60 * minute;

/**
 * The last attempt of each delivery that was never taken, oldest first, of events that we act on. One that fails again
 * and again is asked for at growing distances.
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
    .toSorted((a, b) => a.time - b.time);
}

/** None after the first attempt, then five minutes and twice as long each time. */
const pauseAfter = (attempts: number): number =>
  attempts <= 1 ? 0 : Math.min(longestPause, 5 * minute * 2 ** (attempts - 2));
