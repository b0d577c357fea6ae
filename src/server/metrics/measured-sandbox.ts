import { asRepairError } from "../../domain/errors.ts";
import type { ExecutionOutcome } from "../../domain/execution.ts";
import type { Sandbox, SandboxSession } from "../../ports/sandbox.ts";
import type { Metrics } from "./metrics.ts";

/** A sandbox that counts the jobs of its sessions, and for how long their commands ran. */
export const measuredSandbox = (
  sandbox: Sandbox,
  metrics: Pick<Metrics, "sandboxJobs" | "sandboxSeconds">,
): Sandbox => ({
  ...sandbox,
  open: async (request, signal) => measuredSession(await sandbox.open(request, signal), metrics),
});

const measuredSession = (
  session: SandboxSession,
  { sandboxJobs, sandboxSeconds }: Pick<Metrics, "sandboxJobs" | "sandboxSeconds">,
): SandboxSession => ({
  ...session,
  async run(job, signal) {
    try {
      const outcomes = await session.run(job, signal);
      sandboxJobs.inc({ outcome: "done" });
      for (const outcome of outcomes) sandboxSeconds.inc(secondsOf(outcome));
      return outcomes;
    } catch (error) {
      sandboxJobs.inc({ outcome: asRepairError(error).code });
      throw error;
    }
  },
});

const secondsOf = (outcome: ExecutionOutcome): number =>
  outcome.kind === "not-started" ? 0 : Math.max(0, outcome.durationMs) / 1000;
