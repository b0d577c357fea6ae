import type { Logger } from "../../ports/logger.ts";
import { removeVolume } from "./base-volume.ts";
import { namePrefix } from "./container-config.ts";
import type { Engine } from "./engine.ts";
import type { LabelledThing } from "./left-things.ts";
import { removeContainer } from "./live-container.ts";

/**
 * Removes containers and volumes that carry the label and are `ours`; returns how many. What an operator made from one
 * of our images inherits its labels, but not the start of its name.
 */
export async function removeLabelled(
  engine: Engine,
  label: string,
  ours: (thing: LabelledThing) => boolean,
  logger: Logger,
): Promise<number> {
  const { docker } = engine;
  const filters = { label: [label] };
  const listed = await engine.call("listing containers", (abortSignal) =>
    docker.listContainers({ all: true, filters, abortSignal }),
  );
  const containers = listed.filter(
    ({ Labels, Names, Created, State }) =>
      Names.some((name) => name.startsWith(`/${namePrefix}`)) &&
      ours({ labels: Labels, createdMs: Created * 1000, running: State === "running" }),
  );
  await Promise.all(containers.map(({ Id }) => removeContainer(engine, docker.getContainer(Id), logger)));
  const { Volumes } = await engine.call("listing volumes", (abortSignal) =>
    docker.listVolumes({ filters, abortSignal }),
  );
  const volumes = Volumes.filter(
    (volume) =>
      volume.Name.startsWith(namePrefix) &&
      ours({ labels: volume.Labels ?? {}, createdMs: createdMs(volume), running: false }),
  );
  await Promise.all(volumes.map(({ Name }) => removeVolume(engine, Name, logger)));
  return containers.length + volumes.length;
}

/** The engine says it, its client's types do not. */
const createdMs = (volume: object): number =>
  "CreatedAt" in volume && typeof volume.CreatedAt === "string" ? Date.parse(volume.CreatedAt) : Date.now();
