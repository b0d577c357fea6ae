import type { Clock } from "../../ports/clock.ts";
import type { ServerWork } from "./server-work.ts";
import type { SilenceLimit } from "./silence-limit.ts";

/** Tells a server that hangs from one that is busy. */
export type Pulse = {
  /** A request is on its way; `onHung` hears, at most once and before its first token, that the server hangs, and why. */
  sent(onHung: (detail: string) => void): SentRequest;
};

export type SentRequest = {
  /** Tokens came. */
  tokens(): void;
  /** Nothing more is waited for. */
  end(): void;
};

export type PulseOptions = {
  readonly clock: Clock;
  readonly limit: SilenceLimit;
  /** The longest silence; it ends a request by itself, so nobody looks then. */
  readonly mostMs: number;
  /** How often at least it is asked whether the limit has become shorter, in milliseconds. */
  readonly leastMs: number;
  readonly look: () => Promise<ServerWork>;
};

/**
 * A request that waits for its first token is looked into when the whole server has been silent for the limit, to all of its
 * requests, and then given up only where the server answers nothing, says that it works on nothing, or shows counters that
 * stand still for the limit. Whatever else it says is a sign of life for all of them.
 */
export function createPulse({ clock, limit, mostMs, leastMs, look }: PulseOptions): Pulse {
  let aliveAt = -Infinity;
  let still: { readonly progress: string; readonly since: number } | null = null;
  let looking: Promise<string | null> | null = null;

  /** Why the server is thought to hang, null while it is not. */
  async function lookOnce(): Promise<string | null> {
    const askedAt = clock.now();
    const work = await look();
    const why = whyHung(work, askedAt);
    // Tokens that came meanwhile say more.
    if (why !== null && aliveAt < askedAt) return why;
    aliveAt = Math.max(aliveAt, clock.now());
    return null;
  }

  function whyHung(work: ServerWork, now: number): string | null {
    if (work.kind === "silent") return "the server answers nothing any more";
    if (work.kind === "idle") return "the server says that it works on nothing";
    if (work.kind === "untold" || work.progress === null) return null;
    if (still === null || still.progress !== work.progress) still = { progress: work.progress, since: now };
    return now - still.since >= limit.milliseconds() ? "the server's counters stand still" : null;
  }

  async function untilHung(sentAt: number, over: AbortSignal): Promise<string> {
    for (;;) {
      over.throwIfAborted();
      const allowed = limit.milliseconds();
      const left = Math.max(sentAt, aliveAt) + allowed - clock.now();
      if (left > 0 || allowed >= mostMs) {
        await clock.sleep(left > 0 ? Math.min(left, leastMs) : leastMs, over);
        continue;
      }
      looking ??= lookOnce().finally(() => (looking = null));
      const why = await looking;
      if (why !== null) return `no first token within ${clock.now() - sentAt} ms, and ${why}`;
    }
  }

  return {
    sent(onHung) {
      const sentAt = clock.now();
      const over = new AbortController();
      const tell = (why: string): void => {
        if (!over.signal.aborted) onHung(why);
      };
      // Where no silence may last that long, the request ends by its own limit first.
      if (leastMs < mostMs) untilHung(sentAt, over.signal).then(tell, () => undefined);
      return {
        tokens() {
          aliveAt = clock.now();
          if (over.signal.aborted) return;
          limit.note(aliveAt - sentAt);
          over.abort();
        },
        end: () => over.abort(),
      };
    },
  };
}
