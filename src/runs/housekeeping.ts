import { asRepairError } from "../domain/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { DataCounts, KeptFiles, Retention, StoredData } from "../ports/kept-data.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";
import { onceADay } from "./once-a-day.ts";
import { summed } from "./kept-data.ts";

export type HousekeepingDependencies = {
  readonly runs: Pick<RunStore, "takeDuty" | "prolongDuty">;
  readonly stored: Pick<StoredData, "prune" | "forgotten">;
  /** Of this host. */
  readonly files: readonly KeptFiles[];
  readonly retention: Retention;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Between two looks of one process, in milliseconds. */
const everyMs = 60 * 60 * 1_000;

/**
 * Ages out rows once a day, by one of all processes, and every hour the files of this host, with what another process
 * was told to remove. Never throws: what failed is tried again an hour later.
 */
export async function keepHouse(deps: HousekeepingDependencies): Promise<DataCounts> {
  const { runs, stored, files, retention, logger } = deps;
  const counts: DataCounts[] = [];
  const attempt = async (what: string, work: () => Promise<DataCounts>): Promise<void> => {
    try {
      counts.push(await work());
    } catch (error) {
      const { code, message } = asRepairError(error);
      logger.warn({ what, code, error: message }, "housekeeping failed");
    }
  };
  await attempt(
    "rows",
    async () => (await onceADay(runs, "housekeeping", () => stored.prune(retention))) ?? {},
  );
  for (const kind of files) {
    await attempt("files", () => kind.prune(retention));
    await attempt("forgotten files", async () => kind.remove(await stored.forgotten(await kind.inventory())));
  }
  const removed = summed(counts);
  if (Object.values(removed).some((count) => count > 0)) logger.info({ removed }, "old data removed");
  return removed;
}

/** Keeps house now and every hour. Stopping waits for the end of what is under way. */
export function startHousekeeping(deps: HousekeepingDependencies): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const ended = (async () => {
    while (!signal.aborted) {
      await keepHouse(deps);
      await deps.clock.sleep(everyMs, signal).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort(new Error("shutdown"));
      await ended;
    },
  };
}
