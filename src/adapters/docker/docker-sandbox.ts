import Docker from "dockerode";
import { randomUUID } from "node:crypto";
import { RepairError } from "../../domain/errors.ts";
import { createSlots, throwIfAborted } from "../../driver/slots.ts";
import { assertTreeFits } from "../../driver/tree-size.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Sandbox } from "../../ports/sandbox.ts";
import { createVolumes, uploadBase } from "./base-volume.ts";
import { uploadContainer } from "./container-config.ts";
import { dockerSession } from "./docker-session.ts";
import { engineAddress } from "./engine-address.ts";
import { engineError, isMissing } from "./engine-errors.ts";
import { createNetworks } from "./networks.ts";
import { reapDocker } from "./reap-docker.ts";

export type DockerSandboxOptions = {
  /** Socket of a local engine. */
  readonly socketPath?: string;
  /** Address of the engine as DOCKER_HOST has it (`unix://`, `tcp://`, `http://`, `https://`); null means the default. */
  readonly host?: string | null;
  readonly defaultImage: string;
  /** Names this installation; only things labelled with it are ever removed. */
  readonly instance: string;
  /** Jobs at the same time; more wait. */
  readonly slots: number;
  readonly logger: Logger;
};

export function createDockerSandbox(options: DockerSandboxOptions): Sandbox {
  const { defaultImage, instance, logger } = options;
  const engine = new Docker(engineAddress(options));
  const slots = createSlots(options.slots);
  const own = { "copatcher.instance": instance, "copatcher.process": randomUUID() };

  const inspectImage = async (image: string) => {
    try {
      return await engine.getImage(image).inspect();
    } catch (error) {
      if (!isMissing(error)) throw engineError(error, `looking for the image ${image}`);
      throw new RepairError(
        "sandbox-image-missing",
        `The sandbox image ${image} is not on the Docker engine.`,
      );
    }
  };

  return {
    kind: "docker",
    environments: null,
    description:
      "Docker: a fresh container per candidate without network, capabilities or a writable image, its commands as an " +
      "unprivileged user under a system call filter and limits on memory, processes, disk, output and time; " +
      "the host's kernel is shared.",
    async check(image) {
      try {
        const name = image ?? defaultImage;
        await inspectImage(name);
        const { Version } = await engine.version();
        return { ok: true, detail: `Docker engine ${Version} with the image ${name}` };
      } catch (error) {
        return { ok: false, detail: engineError(error, "being asked for its version").message };
      }
    },
    async open(request, signal) {
      throwIfAborted(signal);
      const image = request.environment ?? defaultImage;
      const { Config } = await inspectImage(image);
      assertTreeFits(request);
      const labels = { ...own, "copatcher.run": request.label };
      try {
        const volumes = await createVolumes(engine, labels, Object.keys(Config.Volumes ?? {}), logger);
        const networks = createNetworks(engine, image, labels, volumes, logger);
        const parts = { engine, instance, image, labels, volumes, networks, request, slots, logger };
        const session = dockerSession(parts);
        try {
          await networks.giveBack(await networks.take());
          await uploadBase(
            engine,
            uploadContainer(image, labels, volumes.base),
            request.tree,
            logger,
            signal,
          );
          return session;
        } catch (error) {
          await session.close();
          throw error;
        }
      } catch (error) {
        throwIfAborted(signal);
        throw engineError(error, "preparing the base tree");
      }
    },
    async reap() {
      try {
        return await reapDocker(engine, own, logger);
      } catch (error) {
        throw engineError(error, "removing leftovers");
      }
    },
  };
}
