import { RepairError } from "../../domain/errors.ts";
import { describeOutcome, succeeded } from "../../domain/execution.ts";
import { throwIfAborted } from "../../driver/slots.ts";
import type { Logger } from "../../ports/logger.ts";
import type { SandboxRequest } from "../../ports/sandbox.ts";
import { createVolume, uploadBase } from "./base-volume.ts";
import {
  jobContainer,
  networkHolder,
  uploadContainer,
  warmUpContainer,
  type BaseTar,
  type JobContainer,
  type Labels,
} from "./container-config.ts";
import { startDriver, type DriverContainer } from "./driver-container.ts";
import type { Engine } from "./engine.ts";
import { engineError, isRefusal } from "./engine-errors.ts";
import { createNetworks } from "./networks.ts";
import { removeLabelled } from "./remove-labelled.ts";
import type { UserIds } from "./user-ids.ts";

/** What one session has on the engine. */
export type SessionContainers = {
  /** A container of `image` that waits for a job; discarding it is the caller's part. */
  start(image: string, signal: AbortSignal): Promise<DriverContainer>;
  /** Runs the script on the base tree; containers started later begin with what it left. */
  warmUp(image: string, script: string, signal: AbortSignal): Promise<void>;
  /** Removes everything; never throws. */
  close(): Promise<void>;
};

export type ContainersParts = {
  readonly engine: Engine;
  readonly image: string;
  /** All of them together are this session's only. */
  readonly labels: Labels;
  /** Label filter that finds this session's things. */
  readonly label: string;
  readonly request: SandboxRequest;
  readonly users: UserIds;
  /** Folders that an image declares as volumes; throws RepairError `sandbox-image-missing`. */
  readonly declaredVolumes: (image: string) => Promise<readonly string[]>;
  readonly logger: Logger;
};

const warmUpTimeoutMs = 10 * 60_000;
const mb = 2 ** 20;

/** Uploads the base tree. Throws what the engine throws; the caller closes the session's leftovers then. */
export async function openContainers(
  parts: ContainersParts,
  signal: AbortSignal,
): Promise<SessionContainers> {
  const { engine, labels, request, users, logger } = parts;
  const { limits, tree } = request;
  const base = await createVolume(engine, labels);
  const declared = new Map<string, Promise<Readonly<Record<string, string>>>>();
  let tar: BaseTar = "tree.tar";

  const makeDeclared = async (image: string): Promise<Readonly<Record<string, string>>> => {
    const made: Record<string, string> = {};
    for (const folder of await parts.declaredVolumes(image))
      made[folder] = await createVolume(engine, labels);
    return made;
  };
  const volumesOf = async (image: string) => {
    const known = declared.get(image) ?? makeDeclared(image);
    declared.set(image, known);
    known.catch(() => declared.delete(image));
    return { base, declared: await known };
  };
  const holder = networkHolder(parts.image, labels, await volumesOf(parts.image));
  const networks = createNetworks(engine, holder, logger);

  const startOnce = async (
    image: string,
    toConfig: (job: JobContainer) => ReturnType<typeof jobContainer>,
    signal: AbortSignal,
  ): Promise<DriverContainer> => {
    const volumes = await volumesOf(image);
    const network = await networks.take();
    const user = users.take();
    let gone = false;
    const onGone = () => {
      if (gone) return;
      gone = true;
      users.giveBack(user);
      networks.giveBack(network);
    };
    const job = { image, labels, volumes, base: tar, network, user, limits, treeFiles: tree.files };
    try {
      const config = toConfig(job);
      const othersAlive = () => networks.alive(network);
      return await startDriver(
        { engine, config, outputBytes: limits.outputBytes, othersAlive, onGone, logger },
        signal,
      );
    } catch (error) {
      onGone();
      throw error;
    }
  };
  const start: typeof startOnce = async (image, toConfig, startSignal) => {
    try {
      return await startOnce(image, toConfig, startSignal);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throwIfAborted(startSignal);
      // the usual reason is a dead network
      logger.info({ error: engineError(error, "starting a container") }, "the networks are made anew");
      networks.renew();
      return startOnce(image, toConfig, startSignal);
    }
  };

  networks.giveBack(await networks.take());
  await uploadBase(engine, uploadContainer(parts.image, labels, base), tree, logger, signal);

  return {
    start: (image, startSignal) => start(image, jobContainer, startSignal),
    async warmUp(image, script, warmSignal) {
      // half of the room that commands have stays theirs
      const maxBytes = Math.floor((tree.bytes + limits.treeMb * mb) / 2);
      const container = await start(image, (job) => warmUpContainer(job, maxBytes), warmSignal);
      try {
        const commands = [{ script, timeoutMs: warmUpTimeoutMs, report: null }];
        const [outcome] = await container.run({ label: "warm-up", files: [], commands }, warmSignal);
        if (outcome === undefined || !succeeded(outcome)) {
          const end = outcome === undefined ? "nothing" : describeOutcome(outcome);
          throw new RepairError("sandbox-failed", `The warm-up ended with ${end}.`, { data: { outcome } });
        }
        tar = "warm.tar";
        logger.debug(
          { seconds: outcome.kind === "exited" ? outcome.durationMs / 1000 : 0 },
          "base tree warmed up",
        );
      } finally {
        await container.discard();
      }
    },
    async close() {
      await networks.close();
      await removeLabelled(engine, parts.label, () => true, logger).catch((error: unknown) => {
        logger.warn({ error }, "what a sandbox session left could not be removed");
      });
    },
  };
}
