import { randomBytes } from "node:crypto";
import type { ExecutionOutcome } from "../../domain/execution.ts";
import { RepairError } from "../../domain/errors.ts";
import { maxReplyBytes, readFrames, type DriverReply } from "../../driver/frames.ts";
import { jobArchive } from "../../driver/job-archive.ts";
import { jobDeadlineMs, jobOutcomes } from "../../driver/job-outcomes.ts";
import { throwIfAborted } from "../../driver/slots.ts";
import type { SandboxJob, SandboxRequest } from "../../ports/sandbox.ts";
import { jobArguments } from "./bwrap-arguments.ts";
import { bwrapCommand } from "./bwrap-command.ts";
import type { Host } from "./host.ts";
import { startBwrap, type LiveBwrap } from "./live-bwrap.ts";
import { folderBytes, memoryFolders } from "./memory-folders.ts";

export type SandboxStart = {
  readonly environment: string | null;
  /** Tar on the host that becomes the tree. */
  readonly base: string;
  readonly limits: SandboxRequest["limits"];
  readonly treeFiles: number;
  /** Where a warm-up leaves its tar, and how large it may get. */
  readonly warmed: { readonly descriptor: number; readonly maxBytes: number } | null;
};

/** A sandbox with an unpacked tree. Throws RepairError `sandbox-failed` or `cancelled`. */
export async function startSandbox(host: Host, start: SandboxStart, signal: AbortSignal): Promise<LiveBwrap> {
  const { environment, limits, treeFiles, warmed } = start;
  const { python, limiter, asRoot } = host;
  throwIfAborted(signal);
  const memory = await limiter
    .job(limits, folderBytes(memoryFolders(limits.treeMb, treeFiles)))
    .catch((error: unknown) => {
      throw new RepairError("sandbox-failed", "No control group could be made for a job.", { cause: error });
    });
  const command = bwrapCommand({
    arguments: jobArguments({
      label: host.label,
      limits,
      treeFiles,
      python,
      environment,
      killCount: memory.killCount,
      storeBytes: warmed?.maxBytes ?? null,
    }),
    shown: [...python, ...(environment === null ? [] : [environment])],
    enter: memory.enter,
    asRoot,
  });
  const { base } = start;
  const { filters } = host;
  return startBwrap({ command, memory, base, filters, warmed: warmed?.descriptor ?? null }, signal);
}

/** Runs one job in its sandbox. Throws RepairError `sandbox-failed` or `cancelled`. */
export async function runJob(
  sandbox: LiveBwrap,
  job: SandboxJob,
  outputBytes: number,
  signal: AbortSignal,
): Promise<readonly ExecutionOutcome[]> {
  const nonce = randomBytes(16).toString("hex");
  const begin = performance.now();
  const result = await sandbox.run(
    {
      input: [Buffer.from(`${nonce}\n`), await jobArchive(job)],
      deadlineMs: jobDeadlineMs(job),
      maxOutputBytes: maxReplyBytes(job.commands.length, outputBytes),
      finished: (stdout) => readFrames(stdout, nonce, outputBytes).frames.length,
    },
    signal,
  );
  throwIfAborted(signal);
  const reply = withKills(readFrames(result.stdout, nonce, outputBytes), result.memoryKills);
  const outcomes = jobOutcomes(job, reply, result.end, performance.now() - begin);
  if (outcomes !== null) return result.hostRanOut ? outcomes.map(withReason) : outcomes;
  const said = [reply.end?.reason ?? "it ended without a result", result.stderr.trim()];
  const text = said.filter((part) => part !== "").join(": ");
  throw new RepairError("sandbox-failed", `bubblewrap failed (exit ${result.exitCode}): ${text}`);
}

const hostRanOut =
  "[copatcher] the machine itself ran out of memory, and this was the largest command on it; it was within its own limit";

const withReason = (outcome: ExecutionOutcome): ExecutionOutcome =>
  outcome.kind === "out-of-memory" ? { ...outcome, stderr: `${outcome.stderr}\n${hostRanOut}\n` } : outcome;

const killed = 137;

/** A kill from outside counts for the command that it met: the one in flight, or the next when that had just ended. */
function withKills(reply: DriverReply, kills: readonly number[]): DriverReply {
  const met = kills.map((number) =>
    reply.frames.findIndex(({ exitCode }, index) => index >= number && exitCode === killed),
  );
  const frames = reply.frames.map((frame, index) =>
    met.includes(index) ? { ...frame, memoryKills: frame.memoryKills + 1 } : frame,
  );
  return { ...reply, frames };
}
