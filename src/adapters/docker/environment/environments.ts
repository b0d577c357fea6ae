import { environmentKey } from "../../../domain/environment-key.ts";
import { openBuildLog } from "../../../driver/build-log.ts";
import { asFolderFault } from "../../../driver/folder-fault.ts";
import { identityOf } from "../../../driver/process-identity.ts";
import { layout } from "../../../driver/sandbox-layout.ts";
import { usualSetupDisk, type SetupDisk } from "../../../driver/setup-limits.ts";
import { createSharedBuilds } from "../../../driver/shared-builds.ts";
import { throwIfAborted } from "../../../driver/slots.ts";
import type { Egress } from "../../../ports/egress.ts";
import type {
  BuiltEnvironment,
  EnvironmentBuilder,
  EnvironmentRequest,
} from "../../../ports/environment-builder.ts";
import type { Logger } from "../../../ports/logger.ts";
import type { Labels } from "../container-config.ts";
import { connectEngine } from "../engine.ts";
import { engineError } from "../engine-errors.ts";
import { processLabel } from "../left-things.ts";
import { baseImage, type BaseImage, type OpenNetwork } from "./base-image.ts";
import { createEnvironmentImages } from "./environment-images.ts";
import { buildInContainer } from "./setup-build.ts";
import { openSetupNetwork } from "./setup-network.ts";

export type DockerEnvironmentsOptions = {
  /** The engine, as for the sandbox. */
  readonly socketPath?: string;
  readonly host?: string | null;
  readonly defaultImage: string;
  /** Names this installation; only what is labelled with it is ever removed. */
  readonly instance: string;
  readonly egress: Egress;
  /** The installation's data; logs go to `environments` in it. */
  readonly directory: string;
  /** PEM file with all certificates that steps shall trust, null for those of the image. */
  readonly certificates: string | null;
  /** Whether a repository's Dockerfile may be built: what it names is fetched by the engine itself, from anywhere. */
  readonly dockerfiles: boolean;
  /** How many environments are kept, those used last. */
  readonly keep: number;
  /** What one set-up may leave on the disk. */
  readonly disk?: SetupDisk;
  readonly logger: Logger;
};

/**
 * Environments as images: a container per set-up, committed under the key of all that it depends on. The engine must
 * share this machine's files, because steps reach the network through a socket of this process.
 */
export function createDockerEnvironments(options: DockerEnvironmentsOptions): EnvironmentBuilder {
  const { instance, egress, directory, certificates, logger, disk = usualSetupDisk } = options;
  const engine = connectEngine(options);
  const maker = identityOf(process.pid);
  const own: Labels = { "copatcher.instance": instance, [processLabel]: maker };
  const images = createEnvironmentImages(engine, instance, maker, directory, logger);
  const builds = createSharedBuilds<string>();
  const bases = createSharedBuilds<BaseImage>();
  const networkParts = { engine, egress, defaultImage: options.defaultImage, labels: own, logger };
  const openNetwork: OpenNetwork = ({ hosts = null }, log, signal) =>
    openSetupNetwork(networkParts, hosts, log, signal);
  const { defaultImage, dockerfiles } = options;
  const baseParts = { engine, defaultImage, dockerfiles, disk, instance, directory, openNetwork };

  let tidied: Promise<void> | null = null;

  const buildKey = async (
    key: string,
    request: EnvironmentRequest,
    image: string,
    signal: AbortSignal,
  ): Promise<string> => {
    const log = await openBuildLog(images.logFile(key), request.log);
    try {
      const network = await openNetwork(request.plan, log, signal);
      try {
        const build = { request, image, labels: own, network, files: [], certificates, disk, log };
        const keep = (container: Parameters<typeof images.keep>[0]) => images.keep(container, key);
        const id = await buildInContainer(engine, build, keep, logger, signal);
        log.note("done");
        return id;
      } finally {
        await network.close();
      }
    } finally {
      await log.close();
    }
  };

  const build = async (request: EnvironmentRequest, signal: AbortSignal): Promise<BuiltEnvironment> => {
    const begin = performance.now();
    const { plan, scope, tree } = request;
    await (tidied ??= images.removeLeftLayers());
    const place = JSON.stringify([tree.sha, plan.base, plan.hosts ?? null]);
    const { value: base } = await bases.share(place, signal, () => baseImage(baseParts, request, signal));
    const key = environmentKey(plan, scope, base.id, layout.tree);
    const built = (reference: string | null, cached: boolean, logFile: string | null) => ({
      reference,
      key,
      cached,
      seconds: (performance.now() - begin) / 1000,
      logFile,
    });
    if (plan.steps.length === 0) {
      const isDefault = plan.base.kind === "image" && plan.base.image === null;
      return built(isDefault ? null : base.id, !base.fresh, base.logFile);
    }
    const known = await images.find(key);
    if (known !== null) return built(known, true, images.logFile(key));
    const { value, shared } = await builds.share(key, signal, () => buildKey(key, request, base.id, signal));
    if (!shared) await images.prune(options.keep);
    return built(value, shared, images.logFile(key));
  };

  return {
    async build(request, signal) {
      try {
        return await build(request, signal);
      } catch (error) {
        throwIfAborted(signal);
        throw engineError(asFolderFault(error, "the folder of the build logs"), "building the environment");
      }
    },
    async layer(base, request, files, signal) {
      const begin = performance.now();
      try {
        const log = await openBuildLog(null, request.log);
        try {
          const image = base.reference ?? (await baseImage(baseParts, request, signal)).id;
          const build = { request, image, labels: own, network: null, files, certificates, disk, log };
          const keep = (container: Parameters<typeof images.keep>[0]) => images.keepLayer(container, image);
          const reference = await buildInContainer(engine, build, keep, logger, signal);
          const seconds = (performance.now() - begin) / 1000;
          return { reference, key: base.key, cached: false, seconds, logFile: null };
        } finally {
          await log.close();
        }
      } catch (error) {
        throwIfAborted(signal);
        throw engineError(
          asFolderFault(error, "the folder of the build logs"),
          "building a candidate's environment",
        );
      }
    },
    async discard({ reference }) {
      if (reference !== null) await images.remove(reference);
    },
  };
}
