import type { ContainerCreateOptions } from "dockerode";
import { randomBytes } from "node:crypto";
import { RepairError } from "../../domain/errors.ts";
import type { ExecutionOutcome } from "../../domain/execution.ts";
import { maxReplyBytes, readFrames } from "../../driver/frames.ts";
import { jobArchive } from "../../driver/job-archive.ts";
import { jobDeadlineMs, jobOutcomes, type SandboxEnd } from "../../driver/job-outcomes.ts";
import type { WarmSandbox } from "../../driver/warm-pool.ts";
import type { Logger } from "../../ports/logger.ts";
import type { SandboxJob } from "../../ports/sandbox.ts";
import { containerEnd } from "./container-end.ts";
import type { Engine } from "./engine.ts";
import { engineLost } from "./engine-errors.ts";
import { removeContainer, startContainer, type LiveContainer } from "./live-container.ts";

/** A container whose driver waits for its one job. */
export type DriverContainer = WarmSandbox & {
  /** Throws RepairError `sandbox-failed`, `sandbox-unavailable` (the engine went away) or `cancelled`. */
  run(job: SandboxJob, signal: AbortSignal): Promise<readonly ExecutionOutcome[]>;
};

export type DriverContainerParts = {
  readonly engine: Engine;
  readonly config: ContainerCreateOptions;
  readonly outputBytes: number;
  /** Whether other things of ours on the engine are alive; asked when this container ended without a reason. */
  readonly othersAlive: () => Promise<boolean>;
  /** Called once when the container is gone. */
  readonly onGone: () => void;
  readonly logger: Logger;
};

/** Unpacking the largest trees takes seconds; a busy host needs room above that. */
const readyMs = 5 * 60_000;

/** Before its job it says nothing but that it is ready. */
const maxReadyBytes = 1024;

/** A driver that has said its last word is gone at once; how long one that is not may keep its removal waiting. */
const lastBreathMs = 10_000;

/** Starts a container and waits until its tree is unpacked. Throws like its `run`, and leaves nothing then. */
export async function startDriver(
  parts: DriverContainerParts,
  signal: AbortSignal,
): Promise<DriverContainer> {
  const { engine, logger, onGone } = parts;
  const live = await startContainer(engine, parts.config, maxReadyBytes, logger);
  let ending = false;
  let removal: Promise<void> | null = null;
  const remove = async () => {
    // killing a container that is about to end costs the engine more than removing one that has ended
    if (ending) await ended(live.container);
    await removeContainer(engine, live.container, logger);
  };
  const discard = (): Promise<void> => {
    removal ??= remove().finally(onGone);
    return removal;
  };
  const run = async (job: SandboxJob, jobSignal: AbortSignal) => {
    const { seen, outcomes } = await runJob(parts, live, job, jobSignal);
    ending = seen === "complete";
    return outcomes;
  };
  try {
    const look = () => (live.stdoutEndsWith("READY\n") ? "ready" : live.isClosed() ? "closed" : null);
    const seen = await live.until(look, readyMs, signal);
    if (seen === "deadline")
      throw new RepairError("sandbox-failed", "The base tree was not unpacked in time.");
    if (seen === "closed") throw await failure(parts, live, null);
    return { ended: live.closed, discard, run };
  } catch (error) {
    await discard();
    throw error;
  }
}

/** Resolves when the container has ended, cannot be asked, or takes too long. */
async function ended(container: LiveContainer["container"]): Promise<void> {
  const abortSignal = AbortSignal.timeout(lastBreathMs);
  await container.wait({ condition: "not-running", abortSignal }).catch(() => undefined);
}

async function runJob(
  parts: DriverContainerParts,
  live: LiveContainer,
  job: SandboxJob,
  signal: AbortSignal,
): Promise<{ readonly seen: Seen; readonly outcomes: readonly ExecutionOutcome[] }> {
  const nonce = randomBytes(16).toString("hex");
  live.allowOutput(maxReplyBytes(job.commands.length, parts.outputBytes));
  const begin = performance.now();
  live.stdin.write(`${nonce}\n`);
  live.stdin.end(await jobArchive(job));
  const look = () => {
    if (live.flooded()) return "flooded";
    // the container ends right after this, and there is nothing to wait for
    if (live.stdoutEndsWith(`${nonce} end\n`)) return "complete";
    return live.isClosed() ? "closed" : null;
  };
  const seen = await live.until(look, jobDeadlineMs(job), signal);
  const elapsedMs = performance.now() - begin;
  const end = await sandboxEnd(parts, live, seen);
  const reply = readFrames(live.stdout(), nonce, parts.outputBytes);
  const outcomes = jobOutcomes(job, reply, end, elapsedMs);
  if (outcomes !== null) return { seen, outcomes };
  throw await failure(parts, live, reply.end?.reason ?? null);
}

type Seen = "flooded" | "complete" | "closed" | "deadline";

/** Throws when the engine cannot say: a hung or dead engine brings no output either, and no command is to blame for that. */
async function sandboxEnd(
  { engine, othersAlive }: DriverContainerParts,
  live: LiveContainer,
  seen: Seen,
): Promise<SandboxEnd> {
  if (seen === "complete") return "by-itself";
  if (seen === "closed") {
    const { end } = await containerEnd(engine, live.container);
    // the engine remembers any child that was killed for memory, also when it was an engine's end that came later
    if (end === "out-of-memory" && !(await othersAlive()))
      throw engineLost("all containers of a session ended");
    return end;
  }
  await engine.call("inspecting a container", (abortSignal) => live.container.inspect({ abortSignal }));
  return seen;
}

async function failure(
  { othersAlive }: DriverContainerParts,
  live: LiveContainer,
  reason: string | null,
): Promise<RepairError> {
  if (reason === null && !(await othersAlive())) return engineLost("all containers of a session ended");
  const said = [reason ?? "it ended without a result", live.stderr().trim()].filter((text) => text !== "");
  return new RepairError("sandbox-failed", `The sandbox container failed: ${said.join(": ")}`);
}
