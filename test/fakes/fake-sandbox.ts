import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import { RepairError } from "../../src/domain/errors.ts";
import { refuseJob } from "../../src/driver/job-archive.ts";
import { notStarted } from "../../src/driver/job-outcomes.ts";
import type { EnvironmentBuilder } from "../../src/ports/environment-builder.ts";
import type { Sandbox, SandboxCommand, SandboxJob, SandboxRequest } from "../../src/ports/sandbox.ts";

/** Decides how one command of a job ends; `index` is its place in the job. */
export type Answer = (command: SandboxCommand, job: SandboxJob, index: number) => ExecutionOutcome;

export type FakeSandbox = Sandbox & {
  /** What was asked of it, in order. */
  readonly requests: readonly SandboxRequest[];
  readonly jobs: readonly SandboxJob[];
  /** Sessions that were opened and not closed. */
  openSessions(): number;
};

export const exited = (exitCode: number, stdout = "", report: string | null = null): ExecutionOutcome => ({
  kind: "exited",
  exitCode,
  durationMs: 1,
  report,
  stdout,
  stderr: "",
  cut: false,
});

/** A sandbox that runs nothing: it keeps the rules about paths, cancelling and closing, and `answer` does the rest. */
export function createFakeSandbox(
  answer: Answer = () => exited(0),
  environments: EnvironmentBuilder | null = null,
): FakeSandbox {
  const requests: SandboxRequest[] = [];
  const jobs: SandboxJob[] = [];
  let sessions = 0;
  return {
    kind: "process",
    description: "a fake that runs nothing",
    environments,
    requests,
    jobs,
    openSessions: () => sessions,
    check: (image) => Promise.resolve({ ok: true, detail: `a fake for ${image ?? "the default image"}` }),
    async open(request, signal) {
      throwWhenAborted(signal);
      requests.push(request);
      sessions += 1;
      let closed = false;
      return {
        async run(job, jobSignal) {
          throwWhenAborted(jobSignal);
          if (closed) throw new RepairError("cancelled", "The fake session is closed.");
          const refusal = refuseJob(job);
          if (refusal !== null) return notStarted(job, refusal);
          jobs.push(job);
          return job.commands.map((command, index) => answer(command, job, index));
        },
        async close() {
          if (!closed) sessions -= 1;
          closed = true;
        },
      };
    },
    reap: () => Promise.resolve(0),
  };
}

function throwWhenAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new RepairError("cancelled", "The fake job was cancelled.");
}
