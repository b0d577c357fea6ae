import type { Logger } from "../../ports/logger.ts";
import { removeVolume } from "./base-volume.ts";
import { namePrefix, type Labels } from "./container-config.ts";
import type { Engine } from "./engine.ts";
import { removeContainer } from "./live-container.ts";

/**
 * Removes containers and volumes that carry the label and are `ours`; returns how many. What an operator made from one
 * of our images inherits its labels, but not the start of its name.
 */
export async function removeLabelled(
  engine: Engine,
  label: string,
  ours: (labels: Labels) => boolean,
  logger: Logger,
): Promise<number> {
  const { docker } = engine;
  const filters = { label: [label] };
  const listed = await engine.call("listing containers", (abortSignal) =>
    docker.listContainers({ all: true, filters, abortSignal }),
  );
  const containers = listed.filter(
    ({ Labels, Names }) => ours(Labels) && Names.some((name) => name.startsWith(`/${namePrefix}`)),
  );
  await Promise.all(containers.map(({ Id }) => removeContainer(engine, docker.getContainer(Id), logger)));
  const { Volumes } = await engine.call("listing volumes", () => docker.listVolumes({ filters }));
  const volumes = Volumes.filter(({ Labels, Name }) => ours(Labels ?? {}) && Name.startsWith(namePrefix));
  await Promise.all(volumes.map(({ Name }) => removeVolume(engine, Name, logger)));
  return containers.length + volumes.length;
}
