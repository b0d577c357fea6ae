import type { Clock } from "../../ports/clock.ts";

/**
 * How a call ended, as a sign of its server's state: `refused` when no answer began (connection refused or reset, 429, 502,
 * 503, 504), `broken` when it began and broke off or stayed silent, `answered` for everything that a server in order says,
 * refusals of a wrong request included, `aborted` when the caller left.
 */
export type CallEnd = "answered" | "refused" | "broken" | "aborted";

/** Keeps calls away from a server that fails, until it is there again. */
export type Breaker = {
  /** Whether a call may go there now. */
  isPassable(): boolean;
  /** Lets one call through; null when none may go. */
  enter(): Pass | null;
  /** Since when not even its health check is answered, in milliseconds since 1970; null while there is hope. */
  awaySince(): number | null;
  /** Asks for the server's health when it is time to. Whoever waits for the server calls this every `pollMs`. */
  poll(): void;
};

/** One call's way through; it says once how it ended. */
export type Pass = { ended(result: CallEnd): void };

export type BreakerOptions = {
  readonly clock: Clock;
  readonly isHealthy: () => Promise<boolean>;
  /** Told of every change of what `isPassable` and `awaySince` say. */
  readonly onChange: (state: State["kind"]) => void;
};

/** Milliseconds between two questions for health. */
export const pollMs = 2_000;
/** Failures in a row that open it. */
const failuresAllowed = 3;
/** A trial that has not failed for so long goes well: answers take minutes, refusals do not. */
const trialMs = 10_000;

type State =
  | { readonly kind: "closed"; readonly failures: number }
  | { readonly kind: "open"; readonly since: number; readonly polledAt: number }
  /** Healthy again, but only one call may try; `trialFrom` is when it began. */
  | { readonly kind: "half-open"; readonly since: number; readonly trialFrom: number | null };

/** Closed until three calls in a row fail, half-open when its server's health is good again, closed by an answer. */
export function createBreaker({ clock, isHealthy, onChange }: BreakerOptions): Breaker {
  let state: State = { kind: "closed", failures: 0 };
  /** Of the trial under way; ends of other calls do not speak for it. */
  let trial: Pass | null = null;
  let polling = false;

  function become(next: State): void {
    const changed = next.kind !== state.kind || next.kind === "half-open";
    state = next;
    if (changed) onChange(next.kind);
  }

  function failed(isTrial: boolean): void {
    const now = clock.now();
    if (state.kind === "closed" && state.failures + 1 < failuresAllowed) {
      become({ kind: "closed", failures: state.failures + 1 });
    } else if (state.kind === "closed") {
      become({ kind: "open", since: now, polledAt: now });
    } else if (state.kind === "half-open" && isTrial) {
      become({ kind: "open", since: state.since, polledAt: now });
    }
  }

  function isPassable(): boolean {
    if (state.kind !== "half-open") return state.kind === "closed";
    return state.trialFrom === null || clock.now() - state.trialFrom >= trialMs;
  }

  async function askHealth(): Promise<void> {
    const healthy = await isHealthy().catch(() => false);
    polling = false;
    if (state.kind !== "open") return;
    if (healthy) become({ kind: "half-open", since: state.since, trialFrom: null });
    else become({ ...state, polledAt: clock.now() });
  }

  return {
    isPassable,
    awaySince: () => (state.kind === "open" ? state.since : null),
    poll() {
      if (polling || state.kind !== "open" || clock.now() - state.polledAt < pollMs) return;
      polling = true;
      void askHealth();
    },
    enter() {
      if (!isPassable()) return null;
      let over = false;
      const pass: Pass = {
        ended(result) {
          if (over) return;
          over = true;
          const isTrial = trial === pass;
          if (isTrial) trial = null;
          if (result === "answered") become({ kind: "closed", failures: 0 });
          else if (result !== "aborted") failed(isTrial);
          else if (isTrial && state.kind === "half-open") become({ ...state, trialFrom: null });
        },
      };
      if (state.kind === "half-open" && state.trialFrom !== null) become({ kind: "closed", failures: 0 });
      else if (state.kind === "half-open") {
        trial = pass;
        become({ ...state, trialFrom: clock.now() });
      }
      return pass;
    },
  };
}
