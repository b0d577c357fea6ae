import { AsyncLocalStorage } from "node:async_hooks";
import { RepairError } from "../../domain/errors.ts";

/** Hands out the one connection of an embedded database, first come first served. */
export type ConnectionGate = {
  /** Waits for the connection; the returned function gives it back. */
  acquire(): Promise<() => void>;
  /** Runs `work` while nobody else has the connection. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  /** Within `work`, only the first holder may use the connection; a second would wait for itself and throws. */
  guarded<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for everybody in the queue and lets nobody in any more. */
  close(): Promise<void>;
};

export function createConnectionGate(): ConnectionGate {
  const guards = new AsyncLocalStorage<{ held: boolean }>();
  let tail: Promise<void> = Promise.resolve();
  let closed = false;

  async function acquire(): Promise<() => void> {
    const guard = guards.getStore();
    if (guard?.held === true) {
      throw new RepairError("internal", "A transaction used the store beside its own connection.");
    }
    if (closed) throw new RepairError("store-unavailable", "The run store is closed.");
    const turn = tail;
    let free = (): void => {};
    tail = new Promise((resolve) => {
      free = resolve;
    });
    await turn;
    if (guard !== undefined) guard.held = true;
    return () => {
      if (guard !== undefined) guard.held = false;
      free();
    };
  }

  async function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const free = await acquire();
    try {
      return await work();
    } finally {
      free();
    }
  }

  return {
    acquire,
    exclusive,
    guarded: (work) => guards.run({ held: false }, work),
    close() {
      closed = true;
      return tail;
    },
  };
}
