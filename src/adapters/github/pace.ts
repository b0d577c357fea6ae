import { RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import { createTurns } from "./turns.ts";

/** Waits for a place; who aborts has used it up all the same. */
export type Pace = (signal: AbortSignal | null) => Promise<void>;

type Rate = { readonly most: number; readonly milliseconds: number };

/** Seconds beyond which waiting is for later. */
const longestWait = 120;

/** Lets at most `most` pass in any span of `milliseconds`. Throws `forge-unavailable` where the wait would be long. */
export function createPace(clock: Pick<Clock, "now" | "sleep">, { most, milliseconds }: Rate): Pace {
  let taken: readonly number[] = [];
  return async (signal) => {
    const now = clock.now();
    // nobody is given a place that far ahead: the clock was put back
    if ((taken.at(-1) ?? now) > now + longestWait * 1000) taken = [];
    const before = taken.at(-most);
    const place = before === undefined ? now : Math.max(now, before + milliseconds);
    const seconds = Math.ceil((place - now) / 1000);
    if (seconds > longestWait) {
      const said = `GitHub's limit for new content would be passed; ${seconds} seconds remain.`;
      throw new RepairError("forge-unavailable", said, { data: { retryAfter: seconds } });
    }
    taken = [...taken, place].slice(-most);
    if (place > now) await clock.sleep(place - now, signal ?? undefined);
  };
}

/**
 * GitHub asks for one change after another, at most 80 a minute, and 500 new contents an hour (peers.md, 3.10); the rest
 * is for other processes. Within that a pull request's few changes need not wait for one another.
 */
const changes = { most: 20, milliseconds: 20_000 };
const creations = [
  { most: 400, milliseconds: 3_600_000 },
  { most: 10, milliseconds: 30_000 },
];

/** New comments and pull requests; git objects and edits are changes only. */
const creates = (method: string, path: string): boolean =>
  method === "POST" && /\/(?:comments|replies|pulls|issues)$/.test(path);

/** Half of the changes: what only shows how far runs are must leave room for what they have achieved. */
const shown = { most: 10, milliseconds: 20_000 };

const shows = (method: string, path: string): boolean =>
  /\/(?:labels|reactions)(?:\/[^/]+)?$/.test(path) || (method === "PATCH" && /\/comments\/\d+$/.test(path));

/** Sends a change of one installation when its time has come, for all its runs in this process. */
export type WritePace = <T>(
  change: { readonly method: string; readonly path: string },
  signal: AbortSignal | null,
  send: () => Promise<T>,
) => Promise<T>;

export function createWritePaces(clock: Pick<Clock, "now" | "sleep">): (installation: number) => WritePace {
  const paces = new Map<number, WritePace>();
  const open = (): WritePace => {
    const inTurn = createTurns();
    const change = createPace(clock, changes);
    const showing = createPace(clock, shown);
    const creation = creations.map((rate) => createPace(clock, rate));
    return async ({ method, path }, signal, send) => {
      if (shows(method, path)) await showing(signal);
      if (creates(method, path)) for (const pace of creation) await pace(signal);
      await change(signal);
      return inTurn("changes", send, signal ?? undefined);
    };
  };
  return (installation) => {
    const pace = paces.get(installation) ?? open();
    paces.set(installation, pace);
    return pace;
  };
}
