import type Docker from "dockerode";
import type { Logger } from "../../ports/logger.ts";
import { networkHolder, type Labels, type SessionVolumes } from "./container-config.ts";
import { removeContainer } from "./run-container.ts";

/** Network name spaces with loopback only, one per job that runs at the same time; a later job reuses an idle one. */
export type Networks = {
  /** Id of a running container whose network a job may join. */
  take(): Promise<string>;
  giveBack(id: string): Promise<void>;
  close(): Promise<void>;
};

/**
 * A holder per network is cheaper than giving every job its own network, and brings a `localhost` that the engine's
 * "network disabled" mode lacks. Nothing of a job survives in it: its sockets end with its container.
 */
export function createNetworks(
  engine: Docker,
  image: string,
  labels: Labels,
  volumes: SessionVolumes,
  logger: Logger,
): Networks {
  const all = new Map<string, Docker.Container>();
  const idle: string[] = [];
  return {
    async take() {
      const known = idle.pop();
      if (known !== undefined) return known;
      const container = await engine.createContainer(networkHolder(image, labels, volumes));
      all.set(container.id, container);
      await container.start();
      return container.id;
    },
    async giveBack(id) {
      const container = all.get(id);
      // a dead holder would fail every later job
      const alive = await container?.inspect().then(
        ({ State }) => State.Running,
        () => false,
      );
      if (alive === true) idle.push(id);
    },
    async close() {
      idle.length = 0;
      await Promise.all([...all.values()].map((container) => removeContainer(container, logger)));
      all.clear();
    },
  };
}
