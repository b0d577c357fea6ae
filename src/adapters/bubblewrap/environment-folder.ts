import { execFile } from "node:child_process";
import { chmod, mkdir, rename, rm, stat, utimes, readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { SetupDisk } from "../../driver/setup-limits.ts";
import type { EnvironmentBuilder } from "../../ports/environment-builder.ts";
import type { Logger } from "../../ports/logger.ts";
import { createLeases, isOver } from "./environment-leases.ts";

const run = promisify(execFile);
const nobody = 65_534;
const finishedName = /^(?:[0-9a-f]{64}|layer-[0-9a-f-]+)$/;

export type BubblewrapEnvironments = EnvironmentBuilder & {
  /**
   * Keeps a finished environment on the disk until the returned function is called, whoever prunes meanwhile; null when
   * the reference is none that a builder made: settings of a repository must not name other folders.
   */
  use(reference: string): Promise<(() => Promise<void>) | null>;
};

/** Folders of the host with what set-ups left; finished ones are read-only and never change. */
export type EnvironmentFolders = {
  /** Whether the path is one of the finished folders' names; a repository's settings must not name others. */
  holds(reference: string): boolean;
  use: BubblewrapEnvironments["use"];
  /** The finished folder of a key, null when there is none (any more); marks it as used. */
  find(key: string): Promise<string | null>;
  /** An empty folder that set-up steps can write; a copy of `base` when one is given. */
  begin(name: string, base: string | null): Promise<string>;
  /** Makes it safe to show to anybody and gives it its name; returns the path. */
  finish(partial: string, name: string): Promise<string>;
  /** Never throws. */
  remove(path: string): Promise<void>;
  /** Removes what ended processes left, and all but the folders that were used last or are in use. Never throws. */
  prune(keep: number): Promise<void>;
  logFile(key: string): string;
};

/** `process` names this process, by its identity with anything behind it. */
export function createEnvironmentFolders(
  directory: string,
  process: string,
  asRoot: boolean,
  logger: Logger,
): EnvironmentFolders {
  const root = resolve(directory, "environments");
  const leases = createLeases(root, process);
  const partialName = (name: string) => `${name}.${process}.partial`;
  const remove = async (path: string): Promise<void> => {
    try {
      await run("chmod", ["-R", "u+rwX", "--", path]).catch(() => undefined);
      await rm(path, { recursive: true, force: true });
    } catch (error) {
      logger.warn({ path, error }, "environment folder could not be removed");
    }
  };
  const holds = (reference: string) => dirname(reference) === root && finishedName.test(basename(reference));
  const isFolder = async (path: string) => (await stat(path).catch(() => null))?.isDirectory() === true;
  return {
    logFile: (key) => join(root, `${key}.log`),
    remove,
    holds,
    async use(reference) {
      if (!holds(reference) || !(await isFolder(reference))) return null;
      const release = await leases.take(basename(reference));
      if (await isFolder(reference)) return release;
      await release();
      return null;
    },
    async find(key) {
      const path = join(root, key);
      if (!(await isFolder(path))) return null;
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      return path;
    },
    async begin(name, base) {
      const path = join(root, partialName(name));
      await remove(path);
      await mkdir(root, { recursive: true });
      try {
        if (base === null) await mkdir(path, { mode: 0o755 });
        else await run("cp", ["-a", "--reflink=auto", "--", base, path]);
        await run("chmod", ["-R", "u+rwX", "--", path]);
        // the steps' user is nobody when the bot is root
        if (asRoot) await run("chown", ["-R", "--no-dereference", `${nobody}:${nobody}`, "--", path]);
        return path;
      } catch (error) {
        // half a copy would keep a full disk full
        await remove(path);
        throw error;
      }
    },
    async finish(partial, name) {
      const path = join(root, name);
      if (asRoot) await run("chown", ["-R", "--no-dereference", "0:0", "--", partial]);
      await run("find", [
        partial,
        "-xdev",
        "!",
        "-type",
        "d",
        "!",
        "-type",
        "f",
        "!",
        "-type",
        "l",
        "-delete",
      ]);
      await run("chmod", ["-R", "a+rX,a-w,ug-s,o-t", "--", partial]);
      // a folder that cannot be written cannot be renamed by its owner either
      await chmod(partial, 0o755);
      const moved = await rename(partial, path).then(
        () => true,
        async (error: unknown) => {
          // another process was faster, and its sessions may use what it left
          if (await isFolder(path)) return false;
          throw error;
        },
      );
      if (moved) await chmod(path, 0o555);
      return path;
    },
    async prune(keep) {
      const names = await readdir(root).catch(() => []);
      const dated = await Promise.all(
        names.map(async (name) => {
          const found = await stat(join(root, name)).catch(() => null);
          return { name, at: found?.mtimeMs ?? 0 };
        }),
      );
      for (const { name } of dated) {
        const passing = /(\.partial|\.lease)$/.test(name) || name.startsWith("layer-");
        if (passing && (await isOver(join(root, name), name))) await remove(join(root, name));
      }
      const keys = dated.filter(({ name }) => /^[0-9a-f]{64}$/.test(name));
      for (const { name } of keys.sort((a, b) => b.at - a.at).slice(keep)) {
        if (await leases.held(name)) continue;
        const leaving = join(root, partialName(name));
        const moved = await rename(join(root, name), leaving).then(
          () => true,
          () => false,
        );
        if (!moved) continue;
        // whoever took it in the meantime finds it again
        if (await leases.held(name)) {
          await rename(leaving, join(root, name)).catch(() => undefined);
          continue;
        }
        await remove(leaving);
        await rm(join(root, `${name}.log`), { force: true });
      }
    },
  };
}

/** What a folder takes on the disk. */
export async function folderSize(path: string): Promise<SetupDisk> {
  // files that vanish meanwhile make it complain, and the sum is good enough
  const du = async (...options: readonly string[]): Promise<number> => {
    const { stdout } = await run("du", ["-sx", ...options, "--", path]).catch(
      (error: { stdout?: string }) => ({ stdout: error.stdout ?? "" }),
    );
    return Number(stdout.split("\t")[0] ?? 0);
  };
  return { mb: Math.ceil((await du("-k")) / 1024), files: await du("--inodes") };
}
