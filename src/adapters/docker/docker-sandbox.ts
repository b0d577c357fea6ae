import { randomUUID } from "node:crypto";
import { RepairError } from "../../domain/errors.ts";
import { identityOf } from "../../driver/process-identity.ts";
import { createSlots, throwIfAborted } from "../../driver/slots.ts";
import { assertTreeFits } from "../../driver/tree-size.ts";
import { removeLeftWays } from "../../driver/way-folder.ts";
import type { EnvironmentBuilder } from "../../ports/environment-builder.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Sandbox } from "../../ports/sandbox.ts";
import { dockerSession } from "./docker-session.ts";
import { connectEngine, type EnginePatience } from "./engine.ts";
import { engineError, isMissing } from "./engine-errors.ts";
import { isLeft, processLabel } from "./left-things.ts";
import { removeLabelled } from "./remove-labelled.ts";
import { openContainers } from "./session-containers.ts";
import { throughOutages } from "./through-outages.ts";
import { createUserIds } from "./user-ids.ts";

export type DockerSandboxOptions = {
  /** Socket of a local engine. */
  readonly socketPath?: string;
  /** Address of the engine as DOCKER_HOST has it (`unix://`, `tcp://`, `http://`, `https://`); null means the default. */
  readonly host?: string | null;
  readonly defaultImage: string;
  /** Names this installation; only things labelled with it are ever removed. */
  readonly instance: string;
  /** Identity of the process that everything is labelled with, so that others know when it is left; this one's unless given. */
  readonly process?: string;
  /** Jobs at the same time; more wait. */
  readonly slots: number;
  /** Makes the images that sessions name as their environment; null means there are only the operator's own. */
  readonly environments?: EnvironmentBuilder | null;
  readonly logger: Logger;
  readonly patience?: EnginePatience;
};

export function createDockerSandbox(options: DockerSandboxOptions): Sandbox {
  const { defaultImage, instance, logger } = options;
  const engine = connectEngine(options, options.patience);
  const slots = createSlots(options.slots);
  const users = createUserIds(instance);
  const instanceLabel = "copatcher.instance";
  const sessionLabel = "copatcher.session";
  const own = { [instanceLabel]: instance, [processLabel]: options.process ?? identityOf(process.pid) };

  const inspectImage = async (image: string) => {
    try {
      return await engine.call(`looking for the image ${image}`, () =>
        engine.docker.getImage(image).inspect(),
      );
    } catch (error) {
      if (!isMissing(error)) throw engineError(error, `looking for the image ${image}`);
      throw new RepairError(
        "sandbox-image-missing",
        `The sandbox image ${image} is not on the Docker engine.`,
      );
    }
  };
  const declaredVolumes = async (image: string) =>
    Object.keys((await inspectImage(image)).Config.Volumes ?? {});

  return {
    kind: "docker",
    environments: options.environments ?? null,
    description:
      "Docker: a fresh container per candidate without network, capabilities or a writable image, its commands as an " +
      "unprivileged user under a system call filter and limits on memory, processes, disk, output and time; " +
      "the host's kernel is shared.",
    async check(image) {
      try {
        const name = image ?? defaultImage;
        await inspectImage(name);
        const { Version } = await engine.call("being asked for its version", () => engine.docker.version());
        return { ok: true, detail: `Docker engine ${Version} with the image ${name}` };
      } catch (error) {
        const { message, code } = engineError(error, "being asked for its version");
        return { ok: false, detail: message, code };
      }
    },
    async open(request, signal) {
      throwIfAborted(signal);
      const image = request.environment ?? defaultImage;
      // an engine that is not there at all is no outage to wait for
      const { Id: id } = await inspectImage(image);
      assertTreeFits(request);
      const openOnce = async () => {
        const session = randomUUID();
        const label = `${sessionLabel}=${session}`;
        const labels = { ...own, "copatcher.run": request.label, [sessionLabel]: session };
        const parts = { engine, image, labels, label, request, users, declaredVolumes, logger };
        try {
          return await openContainers(parts, signal);
        } catch (error) {
          await removeLabelled(engine, label, () => true, logger).catch((left: unknown) => {
            logger.warn({ error: left }, "what a sandbox session left could not be removed");
          });
          throw error;
        }
      };
      const containers = await throughOutages(engine, "preparing the base tree", openOnce, logger, signal);
      const most = options.slots + 1;
      const { warmUp } = request;
      const session = dockerSession({ engine, image, containers, slots, most, warmUp, logger });
      return { ...session, image: id };
    },
    async reap() {
      await removeLeftWays();
      try {
        return await removeLabelled(engine, `${instanceLabel}=${instance}`, isLeft, logger);
      } catch (error) {
        throw engineError(error, "removing leftovers");
      }
    },
  };
}
