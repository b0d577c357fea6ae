import { setImmediate as nextTurn } from "node:timers/promises";

/** Operations that end by themselves, as Node names them. zlib, crypto and WebAssembly are not listed by Node. */
const endsByItself = (name: string): boolean =>
  name.includes("Req") || name === "ProcessWrap" || name === "Immediate";

const underWay = (): number =>
  process.getActiveResourcesInfo().reduce((sum, name) => (endsByItself(name) ? sum + 1 : sum), 0);

export type QuietWatch = { untilQuiet(): Promise<void>; outside<T>(work: Promise<T>): Promise<T> };

/**
 * Tells when the code of this process has nothing left to do but wait for the clock: promise callbacks and immediates
 * have run, no file or child process operation that began after this watch is under way, and no `outside` work either.
 */
export function createQuietWatch(): QuietWatch {
  const before = underWay();
  let outside = 0;
  return {
    async untilQuiet() {
      // A turn runs all promise callbacks; the second one catches what was started from an immediate of the first.
      for (let calm = 0; calm < 2;) {
        await nextTurn();
        calm = outside > 0 || underWay() > before ? 0 : calm + 1;
      }
    },
    async outside(work) {
      outside += 1;
      try {
        return await work;
      } finally {
        outside -= 1;
      }
    },
  };
}
