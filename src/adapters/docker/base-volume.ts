import type Docker from "dockerode";
import type { ContainerCreateOptions } from "dockerode";
import { createReadStream } from "node:fs";
import { RepairError } from "../../domain/errors.ts";
import { throwIfAborted } from "../../driver/slots.ts";
import type { Logger } from "../../ports/logger.ts";
import type { TreeArchive } from "../../ports/workspace.ts";
import type { Labels, SessionVolumes } from "./container-config.ts";
import { isMissing } from "./engine-errors.ts";
import { runContainer } from "./run-container.ts";

const uploadDeadlineMs = 10 * 60_000;

/** Copies the base tree's tar into the volume; works with a remote engine, since nothing is mounted from here. */
export async function uploadBase(
  engine: Docker,
  config: ContainerCreateOptions,
  tree: TreeArchive,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const input = () => createReadStream(tree.file);
  const run = { config, input, deadlineMs: uploadDeadlineMs, maxOutputBytes: 4096 };
  const result = await runContainer(engine, run, logger, signal);
  throwIfAborted(signal);
  if (result.exitCode === 0 && result.stdout.toString() === "done") return;
  throw new RepairError(
    "sandbox-failed",
    `The base tree could not be copied to the sandbox (exit ${result.exitCode}, ${result.end}): ${result.stderr}`,
  );
}

/** Makes the volumes of a session; those made before one fails are removed again. */
export async function createVolumes(
  engine: Docker,
  labels: Labels,
  declared: readonly string[],
  logger: Logger,
): Promise<SessionVolumes> {
  const create = async () => (await engine.createVolume({ Labels: { ...labels } })).name;
  const base = await create();
  const made: Record<string, string> = {};
  try {
    for (const folder of declared) made[folder] = await create();
    return { base, declared: made };
  } catch (error) {
    await removeVolumes(engine, { base, declared: made }, logger);
    throw error;
  }
}

export async function removeVolumes(engine: Docker, volumes: SessionVolumes, logger: Logger): Promise<void> {
  for (const name of [volumes.base, ...Object.values(volumes.declared)]) {
    await removeVolume(engine, name, logger);
  }
}

/** Never throws; what stays is removed by the next start. */
export async function removeVolume(engine: Docker, name: string, logger: Logger): Promise<void> {
  try {
    await engine.getVolume(name).remove({ force: true });
  } catch (error) {
    if (!isMissing(error)) logger.warn({ volume: name, error }, "sandbox volume could not be removed");
  }
}
