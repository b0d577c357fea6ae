import type Docker from "dockerode";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { RepairError } from "../../domain/errors.ts";
import { maxReplyBytes, readFrames } from "../../driver/frames.ts";
import { jobArchive } from "../../driver/job-archive.ts";
import { jobDeadlineMs, jobOutcomes } from "../../driver/job-outcomes.ts";
import { createSession } from "../../driver/session.ts";
import { throwIfAborted, type Slots } from "../../driver/slots.ts";
import type { Logger } from "../../ports/logger.ts";
import type { SandboxJob, SandboxRequest, SandboxSession } from "../../ports/sandbox.ts";
import { removeVolumes } from "./base-volume.ts";
import { jobContainer, slotUser, type Labels, type SessionVolumes } from "./container-config.ts";
import { engineError } from "./engine-errors.ts";
import type { Networks } from "./networks.ts";
import { runContainer } from "./run-container.ts";

export type SessionParts = {
  readonly engine: Docker;
  readonly instance: string;
  readonly image: string;
  readonly labels: Labels;
  readonly volumes: SessionVolumes;
  readonly networks: Networks;
  readonly request: SandboxRequest;
  readonly slots: Slots;
  readonly logger: Logger;
};

/** Tries of one job: its first, and one more when the engine (not the commands) broke it. */
const tries = 2;

export function dockerSession(parts: SessionParts): SandboxSession {
  const { engine, logger, request, networks } = parts;

  const runOnce = async (job: SandboxJob, slot: number, signal: AbortSignal) => {
    const nonce = randomBytes(16).toString("hex");
    const archive = await jobArchive(job);
    const network = await networks.take();
    try {
      const config = jobContainer({
        image: parts.image,
        labels: { ...parts.labels, "copatcher.job": job.label },
        volumes: parts.volumes,
        network,
        user: slotUser(parts.instance, slot),
        limits: request.limits,
        treeFiles: request.tree.files,
      });
      const { outputBytes } = request.limits;
      const result = await runContainer(
        engine,
        {
          config,
          input: () => Readable.from([Buffer.from(`${nonce}\n`), archive]),
          deadlineMs: jobDeadlineMs(job),
          maxOutputBytes: maxReplyBytes(job.commands.length, outputBytes),
        },
        logger,
        signal,
      );
      throwIfAborted(signal);
      const reply = readFrames(result.stdout, nonce, outputBytes);
      const outcomes = jobOutcomes(job, reply, result.end);
      if (outcomes !== null) return outcomes;
      const said = [reply.end?.reason ?? "it ended without a result", result.stderr.trim()].filter(
        (text) => text !== "",
      );
      throw new RepairError(
        "sandbox-failed",
        `The sandbox container failed (exit ${result.exitCode}): ${said.join(": ")}`,
      );
    } finally {
      await networks.giveBack(network);
    }
  };

  const runWithRetry = async (job: SandboxJob, slot: number, signal: AbortSignal) => {
    for (let attempt = 1; ; attempt += 1) {
      throwIfAborted(signal);
      try {
        return await runOnce(job, slot, signal);
      } catch (error) {
        throwIfAborted(signal);
        const failure = engineError(error, `running the job ${job.label}`);
        if (failure.code !== "sandbox-failed" || attempt >= tries) throw failure;
        logger.warn({ job: job.label, error: failure }, "sandbox job is tried once more");
      }
    }
  };

  return createSession(parts.slots, runWithRetry, async () => {
    await networks.close();
    await removeVolumes(engine, parts.volumes, logger);
  });
}
