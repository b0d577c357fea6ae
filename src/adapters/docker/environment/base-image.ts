import { createReadStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { z } from "zod";
import type { EnvironmentBase, EnvironmentPlan } from "../../../domain/environment.ts";
import { sha256 } from "../../../domain/canonical-json.ts";
import { RepairError } from "../../../domain/errors.ts";
import { openBuildLog, type BuildLog } from "../../../driver/build-log.ts";
import { overDisk, type SetupDisk } from "../../../driver/setup-limits.ts";
import { setupFailed } from "../../../driver/setup-steps.ts";
import { setupVariables } from "../../../driver/setup-variables.ts";
import { throwIfAborted } from "../../../driver/slots.ts";
import type { EnvironmentRequest } from "../../../ports/environment-builder.ts";
import type { Engine } from "../engine.ts";
import { isMissing } from "../engine-errors.ts";
import { baseRepository } from "./environment-images.ts";
import { contextArchive } from "./context-archive.ts";
import type { SetupNetwork } from "./setup-network.ts";

const mb = 2 ** 20;

export type BaseImage = {
  readonly id: string;
  /** Built just now. */
  readonly fresh: boolean;
  readonly logFile: string | null;
};

export type BaseImageParts = {
  readonly engine: Engine;
  readonly defaultImage: string;
  readonly dockerfiles: boolean;
  readonly disk: SetupDisk;
  readonly instance: string;
  /** Holds the logs. */
  readonly directory: string;
  readonly openNetwork: OpenNetwork;
};

/** The network of a plan's set-up. */
export type OpenNetwork = (
  plan: Pick<EnvironmentPlan, "hosts">,
  log: BuildLog,
  signal: AbortSignal,
) => Promise<SetupNetwork>;

/** The image that a plan starts from. Throws RepairError `sandbox-image-missing` or `environment-failed`. */
export async function baseImage(
  parts: BaseImageParts,
  request: EnvironmentRequest,
  signal: AbortSignal,
): Promise<BaseImage> {
  const { base } = request.plan;
  if (base.kind === "dockerfile") {
    if (parts.dockerfiles) return fromDockerfile(parts, request, base, signal);
    throw new RepairError(
      "environment-failed",
      `${request.plan.source} wants ${base.path} built, and Dockerfiles are off here: the engine itself fetches what FROM ` +
        "and ADD name, past COPATCHER_SETUP_HOSTS. Name an image or set-up commands instead, or ask the operator for " +
        "COPATCHER_DOCKERFILES=1.",
    );
  }
  const image = base.image ?? parts.defaultImage;
  const id = await imageId(parts.engine, image);
  if (id !== null) return { id, fresh: false, logFile: null };
  throw new RepairError("sandbox-image-missing", `The image ${image} is not on the Docker engine.`);
}

async function imageId(engine: Engine, name: string): Promise<string | null> {
  try {
    const inspect = () => engine.docker.getImage(name).inspect();
    return (await engine.call(`looking for the image ${name}`, inspect)).Id;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const Layers = z.array(z.object({ Created: z.number(), Size: z.number() }));

/** MiB of the image's layers that were made since; by the engine's own clock, in seconds. */
async function addedMb(engine: Engine, id: string, since: number): Promise<number> {
  const layers = await engine.call("measuring an image", () => engine.docker.getImage(id).history());
  const added = Layers.parse(layers).filter(({ Created }) => Created >= since);
  return added.reduce((sum, { Size }) => sum + Size, 0) / mb;
}

async function engineSeconds(engine: Engine): Promise<number> {
  const { SystemTime } = await engine.call("being asked for its time", () => engine.docker.info());
  return Math.floor(Date.parse(SystemTime) / 1000);
}

type Dockerfile = Extract<EnvironmentBase, { kind: "dockerfile" }>;

/** One image per commit, by name: the engine's own cache gives the same id again where nothing changed. */
async function fromDockerfile(
  parts: BaseImageParts,
  request: EnvironmentRequest,
  base: Dockerfile,
  signal: AbortSignal,
): Promise<BaseImage> {
  const { engine } = parts;
  const { hosts } = request.plan;
  const reach = hosts === undefined ? [] : [hosts];
  const hash = sha256(JSON.stringify([request.tree.sha, base.path, base.context, ...reach]));
  const name = `${baseRepository(parts.instance)}:${hash}`;
  const logFile = join(parts.directory, "environments", `base-${hash}.log`);
  const known = await imageId(engine, name);
  if (known !== null) return { id: known, fresh: false, logFile };
  const log = await openBuildLog(logFile, request.log);
  const step = `docker build of ${base.path}`;
  try {
    log.note(step);
    const begin = await engineSeconds(engine);
    const network = await parts.openNetwork(request.plan, log, signal);
    try {
      const failure = await buildImage(parts, request, base, name, network, log, signal);
      if (failure !== null) throw setupFailed(request.plan, step, failure, log, network.refusals());
    } finally {
      await network.close();
    }
    const id = await imageId(engine, name);
    if (id === null) throw setupFailed(request.plan, step, "it left no image", log, []);
    // the engine's own builder knows no limit; how many files there are only a container could tell
    const over = overDisk({ mb: await addedMb(engine, id, begin), files: 0 }, parts.disk);
    if (over !== null) {
      await engine.call("removing an image", (abortSignal) =>
        engine.docker.getImage(name).remove({ force: true, abortSignal }),
      );
      throw setupFailed(request.plan, step, over, log, []);
    }
    return { id, fresh: true, logFile };
  } finally {
    await log.close();
  }
}

const Item = z.object({ stream: z.string(), status: z.string(), error: z.string() }).partial();

/** Why it failed, null when it did not. An item of the answer with an error is all that tells of a failed build. */
async function buildImage(
  { engine }: BaseImageParts,
  { tree, limits }: EnvironmentRequest,
  base: Dockerfile,
  name: string,
  network: SetupNetwork,
  log: BuildLog,
  signal: AbortSignal,
): Promise<string | null> {
  const context = await contextArchive(() => createReadStream(tree.file), base);
  if (context === null) return `the tree has no ${base.path}`;
  const late = AbortSignal.timeout(limits.stepMinutes * 60_000);
  const proxies = Object.entries(setupVariables(network.proxy, null)).filter(([key]) => /_proxy$/i.test(key));
  let failure: string | null = null;
  try {
    const answer = await engine.docker.buildImage(context.archive, {
      t: name,
      dockerfile: context.dockerfile,
      rm: true,
      forcerm: true,
      memory: limits.memoryMb * mb,
      memswap: limits.memoryMb * mb,
      networkmode: network.mode,
      buildargs: Object.fromEntries(proxies),
      abortSignal: AbortSignal.any([signal, late]),
    });
    let line = "";
    for await (const chunk of Readable.from(answer)) {
      const lines = (line + String(chunk)).split("\n");
      line = lines.pop() ?? "";
      for (const one of lines) {
        const item = parseItem(one);
        log.output(Buffer.from(item.stream ?? (item.status === undefined ? "" : `${item.status}\n`)));
        failure ??= item.error ?? null;
      }
    }
    return failure;
  } catch (error) {
    throwIfAborted(signal);
    if (late.aborted) return `timed out after ${limits.stepMinutes * 60} s`;
    // the engine refuses what is no Dockerfile before it begins
    if (error instanceof Error && "statusCode" in error && error.statusCode === 400) {
      return error.message.replace(/^\(HTTP code 400\) [^-]*- /, "").trim();
    }
    throw error;
  } finally {
    context.archive.destroy();
  }
}

function parseItem(line: string): z.infer<typeof Item> {
  try {
    return Item.safeParse(JSON.parse(line)).data ?? {};
  } catch {
    return {};
  }
}
