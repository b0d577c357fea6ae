import type Docker from "dockerode";
import { randomUUID } from "node:crypto";
import { rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { layout } from "../../../driver/sandbox-layout.ts";
import type { Logger } from "../../../ports/logger.ts";
import type { Engine } from "../engine.ts";
import { isMissing } from "../engine-errors.ts";
import { isLeft, processLabel } from "../left-things.ts";
import { createContainer, removeContainer } from "../live-container.ts";

/** Holds an image per commit and Dockerfile. */
export const baseRepository = (instance: string): string => `copatcher-base/${instance}`;

/** What the images of one installation are kept under; names that only we give, unlike labels, which any image can have. */
export type EnvironmentImages = {
  /** Id of the image built for a key, null when there is none (any more); marks it as used. */
  find(key: string): Promise<string | null>;
  /** Makes an image of a container that has ended; returns its id. */
  keep(container: Docker.Container, key: string): Promise<string>;
  /**
   * What a candidate's steps left in the environment's folder, over `image`. Nothing else of the container: its programs
   * are the driver's own in later jobs, and the candidate's code ran there as root.
   */
  keepLayer(container: Docker.Container, image: string): Promise<string>;
  /** Never throws. */
  remove(image: string): Promise<void>;
  /** Removes all but the images used last. Never throws. */
  prune(count: number): Promise<void>;
  /** Removes the layers of processes that have ended. Never throws. */
  removeLeftLayers(): Promise<void>;
  logFile(key: string): string;
};

/** `maker` is the identity of this process. */
export function createEnvironmentImages(
  engine: Engine,
  instance: string,
  maker: string,
  directory: string,
  logger: Logger,
): EnvironmentImages {
  const { docker } = engine;
  const repository = `copatcher-environment/${instance}`;
  const layers = `copatcher-layer/${instance}`;
  const logFile = (key: string) => join(directory, "environments", `${key}.log`);
  const commit = async (container: Docker.Container, repo: string, tag: string, key: string) => {
    // what the container says about its maker must not look like a container of a living process
    const labels = { environment: key, instance, process: "", session: "", run: "" };
    const changes = Object.entries(labels)
      .map(([name, value]) => `LABEL copatcher.${name}=${JSON.stringify(value)}`)
      .join("\n");
    await engine.transfer("making an image", (abortSignal) =>
      container.commit({ repo, tag, changes, pause: false, abortSignal }),
    );
    const { Id } = await engine.call("looking for an environment", () =>
      docker.getImage(`${repo}:${tag}`).inspect(),
    );
    return Id;
  };
  const remove = async (image: string): Promise<void> => {
    try {
      await engine.call("removing an image", (abortSignal) =>
        docker.getImage(image).remove({ force: true, abortSignal }),
      );
    } catch (error) {
      if (!isMissing(error)) logger.warn({ image, error }, "environment image could not be removed");
    }
  };
  const tagged = async (repo: string) => {
    try {
      const found = await engine.call("listing images", (abortSignal) =>
        docker.listImages({ filters: { reference: [repo] }, abortSignal }),
      );
      return found.flatMap(({ RepoTags, Created }) =>
        (RepoTags ?? [])
          .filter((name) => name.startsWith(`${repo}:`))
          .map((name) => ({ name, tag: name.slice(repo.length + 1), created: Created })),
      );
    } catch (error) {
      logger.warn({ error }, "environment images could not be listed");
      return [];
    }
  };
  const usedAt = async (key: string, created: number): Promise<number> => {
    const found = await stat(logFile(key)).catch(() => null);
    return found?.mtimeMs ?? created * 1000;
  };
  return {
    logFile,
    remove,
    async find(key) {
      try {
        const { Id } = await engine.call("looking for an environment", () =>
          docker.getImage(`${repository}:${key}`).inspect(),
        );
        const now = new Date();
        await utimes(logFile(key), now, now).catch(() => undefined);
        return Id;
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    keep: (container, key) => commit(container, repository, key, key),
    async keepLayer(container, image) {
      const left = await engine.call("reading what a set-up left", (abortSignal) =>
        container.getArchive({ path: layout.environment, abortSignal }),
      );
      const labels = { "copatcher.instance": instance, [processLabel]: maker };
      const config = { Image: image, Cmd: ["true"], Labels: labels, NetworkDisabled: true };
      const fresh = await createContainer(engine, config, logger);
      try {
        await engine.transfer("keeping what a set-up left", (abortSignal) =>
          fresh.putArchive(left, { path: dirname(layout.environment), abortSignal }),
        );
        return await commit(fresh, layers, `${maker}-${randomUUID()}`, "");
      } finally {
        await removeContainer(engine, fresh, logger);
      }
    },
    async prune(count) {
      const bases = (await tagged(baseRepository(instance))).sort((a, b) => b.created - a.created);
      for (const { name } of bases.slice(count)) await remove(name);
      const images = await tagged(repository);
      const dated = await Promise.all(
        images.map(async ({ name, tag, created }) => ({ name, at: await usedAt(tag, created) })),
      );
      for (const { name } of dated.sort((a, b) => b.at - a.at).slice(count)) {
        await remove(name);
        await rm(logFile(name.slice(repository.length + 1)), { force: true });
      }
    },
    async removeLeftLayers() {
      for (const { name, tag, created } of await tagged(layers)) {
        const labels = { [processLabel]: tag };
        if (isLeft({ labels, createdMs: created * 1000, running: false })) await remove(name);
      }
    },
  };
}
