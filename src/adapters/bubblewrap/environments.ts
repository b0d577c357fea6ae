import { createHash, randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { environmentKey } from "../../domain/environment-key.ts";
import { RepairError } from "../../domain/errors.ts";
import { settingsPath } from "../../domain/settings.ts";
import { openBuildLog, type BuildLog } from "../../driver/build-log.ts";
import { asFolderFault } from "../../driver/folder-fault.ts";
import { identityOf } from "../../driver/process-identity.ts";
import { remember } from "../../driver/remember.ts";
import { layout } from "../../driver/sandbox-layout.ts";
import { usualSetupDisk, type SetupDisk } from "../../driver/setup-limits.ts";
import { createSharedBuilds } from "../../driver/shared-builds.ts";
import { throwIfAborted } from "../../driver/slots.ts";
import { makeWayFolder } from "../../driver/way-folder.ts";
import type { Egress } from "../../ports/egress.ts";
import type { BuildFile, EnvironmentRequest } from "../../ports/environment-builder.ts";
import type { Logger } from "../../ports/logger.ts";
import { createEnvironmentFolders, type BubblewrapEnvironments } from "./environment-folder.ts";
import { setUpInSandbox } from "./environment-steps.ts";
import { findHost, findLimiter, type Host } from "./host.ts";
import { ownLabel } from "./own-label.ts";

export type BubblewrapEnvironmentsOptions = {
  readonly instance: string;
  /** The installation's data; environments and their logs go to `environments` in it. */
  readonly directory: string;
  readonly egress: Egress;
  /** PEM file with all certificates that steps shall trust, null for the host's own. */
  readonly certificates: string | null;
  /** How many environments are kept, those used last. */
  readonly keep: number;
  /** What one set-up may leave on the disk. */
  readonly disk?: SetupDisk;
  readonly logger: Logger;
};

/** Environments as folders of the host, filled by steps that run with the host's own programs. */
export function createBubblewrapEnvironments(options: BubblewrapEnvironmentsOptions): BubblewrapEnvironments {
  const { directory, egress, logger, certificates, disk = usualSetupDisk } = options;
  const asRoot = process.getuid?.() === 0;
  const own = `${identityOf(process.pid)}-${randomUUID().slice(0, 8)}`;
  const folders = createEnvironmentFolders(directory, own, asRoot, logger);
  const builds = createSharedBuilds<string>();
  const label = ownLabel(options.instance);
  const host = remember(() => findHost(label, () => findLimiter(label, logger)));
  let layers = 0;

  const faultOf = (error: unknown): unknown => asFolderFault(error, "the folder of the environments");

  const fill = async (
    name: string,
    base: string | null,
    request: EnvironmentRequest,
    files: readonly BuildFile[],
    way: { readonly folder: string; readonly egress: Egress } | null,
    log: BuildLog,
    signal: AbortSignal,
  ): Promise<string> => {
    const folder = await folders.begin(name, base);
    try {
      const setUp = { folder, request, files, way, certificates, disk, log };
      await setUpInSandbox(await host(), setUp, signal);
      return await folders.finish(folder, name);
    } finally {
      await folders.remove(folder);
    }
  };

  const buildKey = async (key: string, request: EnvironmentRequest, signal: AbortSignal): Promise<string> => {
    const folder = await makeWayFolder();
    const log = await openBuildLog(folders.logFile(key), request.log).catch(async (error: unknown) => {
      await rm(folder, { recursive: true, force: true });
      throw error;
    });
    try {
      const path = await fill(key, null, request, [], { folder, egress }, log, signal);
      log.note("done");
      return path;
    } finally {
      await rm(folder, { recursive: true, force: true });
      await log.close();
    }
  };

  return {
    use: folders.use,
    async build(request, signal) {
      const begin = performance.now();
      const { plan, scope } = request;
      assertHostPrograms(plan);
      const key = environmentKey(plan, scope, await hostIdentity(await host()), layout.tree);
      const built = (reference: string | null, cached: boolean) => ({
        reference,
        key,
        cached,
        seconds: (performance.now() - begin) / 1000,
        logFile: reference === null ? null : folders.logFile(key),
      });
      if (plan.steps.length === 0) return built(null, true);
      const known = await folders.find(key);
      if (known !== null) return built(known, true);
      const { value, shared } = await builds.share(key, signal, () =>
        buildKey(key, request, signal).catch((error: unknown) => {
          throw faultOf(error);
        }),
      );
      if (!shared) await folders.prune(options.keep);
      return built(value, shared);
    },
    async layer(base, request, files, signal) {
      throwIfAborted(signal);
      const begin = performance.now();
      const log = await openBuildLog(null, request.log);
      const name = `layer-${own}-${(layers += 1)}`;
      const reference = await fill(name, base.reference, request, files, null, log, signal).catch(
        (error: unknown) => {
          throw faultOf(error);
        },
      );
      const seconds = (performance.now() - begin) / 1000;
      return { reference, key: base.key, cached: false, seconds, logFile: null };
    },
    async discard({ reference }) {
      if (reference !== null && folders.holds(reference)) await folders.remove(reference);
    },
  };
}

function assertHostPrograms({ base, source }: EnvironmentRequest["plan"]): void {
  if (base.kind === "image" && base.image === null) return;
  const wanted = base.kind === "image" ? `the image ${base.image}` : `an image from ${base.path}`;
  throw new RepairError(
    "sandbox-image-missing",
    `${source} asks for ${wanted}, and bubblewrap runs the host's own programs; that needs Docker, or another \`environment\` in ${settingsPath}.`,
  );
}

/** What installed things depend on besides the plan: the system, and the interpreters they are linked to. */
async function hostIdentity({ python }: Host): Promise<string> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const identity = [release, process.arch, process.version, ...python].join("\n");
  return createHash("sha256").update(identity).digest("hex");
}
