import { randomBytes } from "node:crypto";
import type { ExecutionOutcome } from "../../domain/execution.ts";
import { RepairError } from "../../domain/errors.ts";
import { maxReplyBytes, readFrames } from "../../driver/frames.ts";
import { jobArchive } from "../../driver/job-archive.ts";
import { jobDeadlineMs, jobOutcomes } from "../../driver/job-outcomes.ts";
import { createSession } from "../../driver/session.ts";
import { throwIfAborted, type Slots } from "../../driver/slots.ts";
import type { SandboxJob, SandboxLimits, SandboxSession } from "../../ports/sandbox.ts";
import { runBwrap } from "./run-bwrap.ts";

export type SessionParts = {
  /** Whole command line of one job. */
  readonly command: readonly string[];
  /** Tar file on the host. */
  readonly base: string;
  readonly limits: SandboxLimits;
  readonly slots: Slots;
};

/** Runs one job in a fresh sandbox. Throws RepairError `sandbox-failed` or `cancelled`. */
async function runJob(
  { command, base, limits }: SessionParts,
  job: SandboxJob,
  signal: AbortSignal,
): Promise<readonly ExecutionOutcome[]> {
  const nonce = randomBytes(16).toString("hex");
  const result = await runBwrap(
    {
      command,
      base,
      input: [Buffer.from(`${nonce}\n`), await jobArchive(job)],
      deadlineMs: jobDeadlineMs(job),
      maxOutputBytes: maxReplyBytes(job.commands.length, limits.outputBytes),
    },
    signal,
  );
  throwIfAborted(signal);
  const reply = readFrames(result.stdout, nonce, limits.outputBytes);
  const outcomes = jobOutcomes(job, reply, result.end);
  if (outcomes !== null) return outcomes;
  const said = [reply.end?.reason ?? "it ended without a result", result.stderr.trim()].filter(
    (text) => text !== "",
  );
  throw new RepairError("sandbox-failed", `bubblewrap failed (exit ${result.exitCode}): ${said.join(": ")}`);
}

export const bubblewrapSession = (parts: SessionParts): SandboxSession =>
  createSession(parts.slots, (job, _slot, signal) => runJob(parts, job, signal));
