import Docker from "dockerode";
import { RepairError } from "../../domain/errors.ts";
import { engineAddress, type Address } from "./engine-address.ts";

/** How long to wait for the engine, in milliseconds. */
export type EnginePatience = {
  /** For the answer to one call. */
  readonly callMs: number;
  /** For one call that moves a tree, an image or what a container wrote. */
  readonly transferMs: number;
  /** For an engine that went away while a session was open; jobs under way are repeated when it is back. */
  readonly outageMs: number;
};

export const usualPatience: EnginePatience = {
  callMs: 2 * 60_000,
  transferMs: 20 * 60_000,
  outageMs: 5 * 60_000,
};

/** A connection to one Docker engine. */
export type Engine = {
  readonly docker: Docker;
  readonly patience: EnginePatience;
  /**
   * One call under the deadline. Throws what the engine answers, and RepairError `sandbox-unavailable` when it does not
   * answer in time.
   */
  call<T>(doing: string, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T>;
  /** The same with the time that a large transfer may take. */
  transfer<T>(doing: string, work: (abortSignal: AbortSignal) => Promise<T>): Promise<T>;
};

export function connectEngine(address: Address, patience: EnginePatience = usualPatience): Engine {
  return {
    docker: new Docker(engineAddress(address)),
    patience,
    call: (doing, work) => within(patience.callMs, doing, work),
    transfer: (doing, work) => within(patience.transferMs, doing, work),
  };
}

async function within<T>(
  limitMs: number,
  doing: string,
  work: (abortSignal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The Docker engine gave no answer within ${limitMs / 1000} s while ${doing}.`;
      reject(new RepairError("sandbox-unavailable", message));
      controller.abort();
    }, limitMs);
  });
  try {
    const answer = work(controller.signal);
    // its rejection by the deadline comes when nobody waits any more
    answer.catch(() => undefined);
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
