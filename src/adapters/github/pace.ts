import { RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";

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

/** GitHub asks for at most 80 changes a minute and 500 new contents an hour (peers.md, 3.10); the rest is for other processes. */
const changes = { most: 60, milliseconds: 60_000 };
const creations = { most: 400, milliseconds: 3_600_000 };

/** New comments and pull requests; git objects and edits are changes only. */
const creates = (method: string, path: string): boolean =>
  method === "POST" && /\/(?:comments|pulls|issues)$/.test(path);

/** The pace of one installation, for all its runs in this process. */
export type WritePace = (method: string, path: string, signal: AbortSignal | null) => Promise<void>;

export function createWritePaces(clock: Pick<Clock, "now" | "sleep">): (installation: number) => WritePace {
  const paces = new Map<number, WritePace>();
  const open = (): WritePace => {
    const [change, creation] = [createPace(clock, changes), createPace(clock, creations)];
    return async (method, path, signal) => {
      if (creates(method, path)) await creation(signal);
      await change(signal);
    };
  };
  return (installation) => {
    const pace = paces.get(installation) ?? open();
    paces.set(installation, pace);
    return pace;
  };
}
