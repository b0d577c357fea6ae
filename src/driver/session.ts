import type { ExecutionOutcome } from "../domain/execution.ts";
import type { SandboxJob, SandboxSession } from "../ports/sandbox.ts";
import { refuseJob } from "./job-archive.ts";
import { notStarted } from "./job-outcomes.ts";
import type { Slots } from "./slots.ts";

export type RunJob = (
  job: SandboxJob,
  slot: number,
  signal: AbortSignal,
) => Promise<readonly ExecutionOutcome[]>;

/**
 * A session over `runJob`: a job waits for a slot, and closing aborts the jobs under way, waits for their end, and then
 * does `release`. A job whose paths are not safe is not started.
 */
export function createSession(
  slots: Slots,
  runJob: RunJob,
  release: () => Promise<void> = () => Promise.resolve(),
): SandboxSession {
  const closing = new AbortController();
  const line = slots.line();
  const running = new Set<Promise<unknown>>();
  return {
    async run(job, signal) {
      const refusal = refuseJob(job);
      if (refusal !== null) return notStarted(job, refusal);
      const either = AbortSignal.any([signal, closing.signal]);
      const done = line.use(either, (slot, granted) => runJob(job, slot, granted), job);
      running.add(done);
      try {
        return await done;
      } finally {
        running.delete(done);
      }
    },
    async close() {
      closing.abort();
      await Promise.allSettled(running);
      await release();
    },
  };
}
