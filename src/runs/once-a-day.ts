import type { RunStore } from "../ports/run-store.ts";

// a little less than the rounds of those who look, so that none of them finds its own last duty still taken
const hourMs = 60 * 60_000 * 0.95;
const dayMs = 24 * 60 * 60_000 * 0.95;

/**
 * Does `work` once a day, in one process of all that share the store; null when it is not its turn. Work that throws, or
 * whose process ends, is tried again an hour later by whoever looks then.
 */
export async function onceADay<T>(
  runs: Pick<RunStore, "takeDuty" | "prolongDuty">,
  duty: string,
  work: () => Promise<T>,
): Promise<T | null> {
  if (!(await runs.takeDuty(duty, hourMs, dayMs))) return null;
  const done = await work();
  await runs.prolongDuty(duty, dayMs);
  return done;
}
