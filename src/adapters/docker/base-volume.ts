import type { ContainerCreateOptions } from "dockerode";
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { RepairError } from "../../domain/errors.ts";
import type { Logger } from "../../ports/logger.ts";
import type { TreeArchive } from "../../ports/workspace.ts";
import { namePrefix, type Labels } from "./container-config.ts";
import type { Engine } from "./engine.ts";
import { isMissing } from "./engine-errors.ts";
import { runContainer } from "./run-container.ts";

const uploadDeadlineMs = 10 * 60_000;

/** Copies the base tree's tar into the volume; works with a remote engine, since nothing is mounted from here. */
export async function uploadBase(
  engine: Engine,
  config: ContainerCreateOptions,
  tree: TreeArchive,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const input = () => createReadStream(tree.file);
  const run = { config, input, deadlineMs: uploadDeadlineMs, maxOutputBytes: 4096 };
  const result = await runContainer(engine, run, logger, signal);
  if (result.exitCode === 0 && result.stdout.toString() === "done") return;
  throw new RepairError(
    "sandbox-failed",
    `The base tree could not be copied to the sandbox (exit ${result.exitCode}, ${result.end}): ${result.stderr}`,
  );
}

/** An empty volume; returns its name. */
export async function createVolume(engine: Engine, labels: Labels): Promise<string> {
  const Name = `${namePrefix}${randomUUID()}`;
  await engine.call("creating a volume", () => engine.docker.createVolume({ Name, Labels: { ...labels } }));
  return Name;
}

/** Never throws; what stays is removed by the next start. */
export async function removeVolume(engine: Engine, name: string, logger: Logger): Promise<void> {
  try {
    await engine.call("removing a volume", (abortSignal) =>
      engine.docker.getVolume(name).remove({ force: true, abortSignal }),
    );
  } catch (error) {
    if (!isMissing(error)) logger.warn({ volume: name, error }, "sandbox volume could not be removed");
  }
}
