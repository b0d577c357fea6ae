import type Docker from "dockerode";
import type { ContainerCreateOptions } from "dockerode";
import type { Logger } from "../../ports/logger.ts";
import type { Engine } from "./engine.ts";
import { isMissing } from "./engine-errors.ts";
import { createContainer, removeContainer } from "./live-container.ts";

/** Network name spaces with loopback only, one per container that lives at the same time; a later one reuses an idle one. */
export type Networks = {
  /** Id of a container whose network a job may join. */
  take(): Promise<string>;
  giveBack(id: string): void;
  /** Whether the container that holds the network runs. Throws what the engine throws. */
  alive(id: string): Promise<boolean>;
  /** Uses none of those made so far any more: one of them was dead, as all are after the engine restarted. */
  renew(): void;
  close(): Promise<void>;
};

/**
 * A holder per network is cheaper than giving every job its own network, and brings a `localhost` that the engine's
 * "network disabled" mode lacks. Nothing of a job survives in it: its sockets end with its container.
 */
export function createNetworks(engine: Engine, holder: ContainerCreateOptions, logger: Logger): Networks {
  const current = new Map<string, Docker.Container>();
  const idle: string[] = [];
  const removals = new Set<Promise<void>>();
  const remove = (container: Docker.Container): void => {
    const done = removeContainer(engine, container, logger).finally(() => removals.delete(done));
    removals.add(done);
  };
  const renew = (): void => {
    for (const container of current.values()) remove(container);
    current.clear();
    idle.length = 0;
  };
  return {
    async take() {
      const known = idle.pop();
      if (known !== undefined) return known;
      const container = await createContainer(engine, holder, logger);
      try {
        await engine.call("starting a network", (abortSignal) => container.start({ abortSignal }));
      } catch (error) {
        remove(container);
        throw error;
      }
      current.set(container.id, container);
      return container.id;
    },
    giveBack(id) {
      if (current.has(id)) idle.push(id);
    },
    async alive(id) {
      try {
        const found = await engine.call("inspecting a network", (abortSignal) =>
          engine.docker.getContainer(id).inspect({ abortSignal }),
        );
        return found.State.Running;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    renew,
    async close() {
      renew();
      await Promise.all(removals);
    },
  };
}
