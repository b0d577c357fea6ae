import type Docker from "dockerode";
import type { Logger } from "../../ports/logger.ts";
import { removeVolume } from "./base-volume.ts";
import { removeContainer } from "./run-container.ts";

type Own = { readonly "copatcher.instance": string; readonly "copatcher.process": string };

/** Removes containers and volumes of this installation that another process created; returns how many. */
export async function reapDocker(engine: Docker, own: Own, logger: Logger): Promise<number> {
  const filters = { label: [`copatcher.instance=${own["copatcher.instance"]}`] };
  const foreign = (labels: Readonly<Record<string, string>> | null): boolean =>
    labels?.["copatcher.process"] !== own["copatcher.process"];

  const containers = (await engine.listContainers({ all: true, filters })).filter(({ Labels }) =>
    foreign(Labels),
  );
  await Promise.all(containers.map(({ Id }) => removeContainer(engine.getContainer(Id), logger)));
  const listed = await engine.listVolumes({ filters });
  const volumes = listed.Volumes.filter(({ Labels }) => foreign(Labels));
  await Promise.all(volumes.map(({ Name }) => removeVolume(engine, Name, logger)));
  return containers.length + volumes.length;
}
