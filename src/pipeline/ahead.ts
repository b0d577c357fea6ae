import type { StageContext } from "./stage-context.ts";

/** Executions that were begun before anybody knew that they are needed. */
export type Ahead = {
  /** They do not give way to others any more. Whoever needs them asks for the same steps, and finds them begun or done. */
  need(): void;
  /** Resolves, like `ended`, when nothing of it runs any more. */
  callOff(): Promise<void>;
  readonly ended: Promise<void>;
};

/**
 * Begins `work`, all of whose executions are journal steps, in places that nobody else wants. How it ends is told to whoever
 * asks for these steps, and to nobody else.
 */
export function ahead(context: StageContext, work: (context: StageContext) => Promise<unknown>): Ahead {
  const needed = new AbortController();
  const over = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const ended = work({ ...context, signal, spareUntil: needed.signal }).then(
    () => undefined,
    () => undefined,
  );
  return {
    need: () => needed.abort(),
    callOff() {
      over.abort();
      return ended;
    },
    ended,
  };
}
