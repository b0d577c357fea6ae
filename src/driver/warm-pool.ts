import type { Logger } from "../ports/logger.ts";
import { throwIfAborted, unlessAborted } from "./slots.ts";

/** A sandbox that is made ready before its job is known: the tree is unpacked and the driver waits for a job. */
export type WarmSandbox = {
  /** Settles when it ended without having been discarded; never rejects. */
  readonly ended: Promise<unknown>;
  /** Ends it and removes what it holds; never throws, and may be called again. */
  discard(): Promise<void>;
};

export type WarmPool<S extends WarmSandbox> = {
  /** Makes the first one ready in the background; without it the first `use` does. */
  begin(): void;
  /**
   * Gives `work` a sandbox that nothing else ever gets, and discards it in the background afterwards. Throws what
   * starting one throws, and RepairError `cancelled` when `signal` aborts before there is one.
   */
  use<T>(signal: AbortSignal, work: (sandbox: S) => Promise<T>): Promise<T>;
  /** Discards those that wait and those that are on their way; jobs under way are the caller's to end. */
  close(): Promise<void>;
};

export type WarmPoolOptions<S> = {
  /** Makes one ready; throws when it cannot or when `signal` aborts, and leaves nothing then. */
  readonly start: (signal: AbortSignal) => Promise<S>;
  /** How many may exist at the same time before none is started ahead of its job. */
  readonly most: number;
  readonly logger: Logger;
};

/** Replacements between two jobs for ready ones that died, so that what kills them is not fed for ever. */
const maxReplacements = 3;

/** Keeps as many sandboxes ready as jobs have ever run at the same time, one to begin with, and never above `most` in all. */
export function createWarmPool<S extends WarmSandbox>(options: WarmPoolOptions<S>): WarmPool<S> {
  const { start, most, logger } = options;
  const closing = new AbortController();
  const ready: S[] = [];
  const starting = new Set<Promise<S | null>>();
  const leaving = new Set<Promise<void>>();
  let inUse = 0;
  let wanted = 1;
  let replaced = 0;

  const discard = (sandbox: S): void => {
    const done = sandbox.discard().finally(() => {
      leaving.delete(done);
      refill();
    });
    leaving.add(done);
  };
  const replaceWhenDead = async (sandbox: S): Promise<void> => {
    await sandbox.ended;
    const at = ready.indexOf(sandbox);
    if (at < 0) return;
    ready.splice(at, 1);
    discard(sandbox);
    replaced += 1;
    logger.info({ replaced }, "a sandbox that was ready ended by itself");
    refill();
  };
  const keep = async (started: Promise<S | null>): Promise<void> => {
    const sandbox = await started;
    // a job that claimed it has taken it out of the set
    if (!starting.delete(started) || sandbox === null) return;
    if (closing.signal.aborted) return discard(sandbox);
    ready.push(sandbox);
    void replaceWhenDead(sandbox);
  };
  const startAhead = (): void => {
    const started = start(closing.signal).catch((error: unknown) => {
      if (!closing.signal.aborted) logger.warn({ error }, "no sandbox could be made ready ahead of its job");
      return null;
    });
    starting.add(started);
    void keep(started);
  };
  const refill = (): void => {
    if (replaced > maxReplacements) return;
    const room = () => ready.length + starting.size + inUse + leaving.size < most;
    while (!closing.signal.aborted && ready.length + starting.size < wanted && room()) startAhead();
  };
  const claim = async (signal: AbortSignal): Promise<S> => {
    const waiting = ready.shift();
    if (waiting !== undefined) return waiting;
    for (const started of starting) {
      starting.delete(started);
      const sandbox = await unlessAborted(started, signal).catch((error: unknown) => {
        starting.add(started);
        void keep(started);
        throw error;
      });
      if (sandbox !== null) return sandbox;
      break;
    }
    return start(AbortSignal.any([signal, closing.signal]));
  };

  return {
    begin: refill,
    async use(signal, work) {
      throwIfAborted(signal);
      throwIfAborted(closing.signal);
      inUse += 1;
      wanted = Math.max(wanted, inUse);
      replaced = 0;
      let sandbox: S | null = null;
      try {
        sandbox = await claim(signal);
        refill();
        return await work(sandbox);
      } finally {
        inUse -= 1;
        if (sandbox !== null) discard(sandbox);
        refill();
      }
    },
    async close() {
      closing.abort();
      for (const sandbox of ready.splice(0)) discard(sandbox);
      await Promise.all(starting);
      while (leaving.size > 0) await Promise.all(leaving);
    },
  };
}
