import type { ExecutionOutcome } from "../domain/execution.ts";
import type { SandboxJob } from "../ports/sandbox.ts";
import type { DriverReply, Frame } from "./frames.ts";
import { wholeSeconds } from "./job-archive.ts";

/** How the sandbox itself ended, as the adapter saw it. */
export type SandboxEnd = "by-itself" | "deadline" | "out-of-memory" | "flooded";

const seconds = 1000;

/** Time a whole job may take, in milliseconds: its commands, killing between them, and setting up the tree. */
export const jobDeadlineMs = (job: SandboxJob): number =>
  job.commands.reduce((sum, command) => sum + wholeSeconds(command.timeoutMs) * seconds + 5 * seconds, 0) +
  60 * seconds;

export const notStarted = (job: SandboxJob, reason: string): ExecutionOutcome[] =>
  job.commands.map(() => ({ kind: "not-started", reason }));

/**
 * One outcome per command, or null when the machinery broke and nothing can be said about the commands.
 * A command in flight when the sandbox died gets the reason of that death; those after it were not started.
 * `elapsedMs` is how long the whole job took.
 */
export function jobOutcomes(
  job: SandboxJob,
  reply: DriverReply,
  sandboxEnd: SandboxEnd,
  elapsedMs: number,
): ExecutionOutcome[] | null {
  if (reply.end?.kind === "refused") return notStarted(job, reply.end.reason);
  const outcomes: ExecutionOutcome[] = [];
  for (const [index, command] of job.commands.entries()) {
    const frame = reply.frames[index];
    if (frame !== undefined) outcomes.push(outcomeOf(frame, wholeSeconds(command.timeoutMs)));
  }
  if (outcomes.length === job.commands.length && reply.end?.kind === "complete") return outcomes;
  if (sandboxEnd === "by-itself" || reply.end !== null) return null;
  if (outcomes.length < job.commands.length) {
    const before = reply.frames.reduce((sum, { durationMs }) => sum + durationMs, 0);
    outcomes.push(inFlight(sandboxEnd, Math.max(0, Math.round(elapsedMs - before))));
  }
  while (outcomes.length < job.commands.length) {
    outcomes.push({ kind: "not-started", reason: "the sandbox ended in an earlier command" });
  }
  return outcomes;
}

function outcomeOf(frame: Frame, limitSeconds: number): ExecutionOutcome {
  const { stdout, stderr, cut, report, durationMs } = frame;
  const killed = frame.exitCode === 137 || frame.exitCode === 124;
  if (killed && durationMs >= limitSeconds * seconds - 50) {
    return { kind: "timed-out", durationMs, report, stdout, stderr, cut };
  }
  if (frame.memoryKills > 0 && frame.exitCode !== 0) {
    return { kind: "out-of-memory", durationMs, report, stdout, stderr, cut };
  }
  return { kind: "exited", exitCode: frame.exitCode, durationMs, report, stdout, stderr, cut };
}

function inFlight(end: Exclude<SandboxEnd, "by-itself">, durationMs: number): ExecutionOutcome {
  const lost = { durationMs, report: null, stdout: "", stderr: "", cut: true };
  if (end === "out-of-memory") return { kind: "out-of-memory", ...lost };
  return { kind: "timed-out", ...lost };
}
