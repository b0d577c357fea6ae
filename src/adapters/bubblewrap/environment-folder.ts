import { execFile } from "node:child_process";
import { chmod, mkdir, rename, rm, stat, utimes, readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { EnvironmentBuilder } from "../../ports/environment-builder.ts";
import type { Logger } from "../../ports/logger.ts";

const run = promisify(execFile);
const nobody = 65_534;
const finishedName = /^(?:[0-9a-f]{64}|layer-[0-9a-f-]{36}-\d+)$/;
/** Older ones are nobody's any more, in milliseconds. */
const abandonedAfter = 24 * 60 * 60_000;

export type BubblewrapEnvironments = EnvironmentBuilder & {
  /** Whether a reference is one of the folders made here; settings of a repository must not name other ones. */
  holds(reference: string): boolean;
};

/** Folders of the host with what set-ups left; finished ones are read-only and never change. */
export type EnvironmentFolders = {
  /** Whether the path is one of the finished folders' names; a repository's settings must not name others. */
  holds(reference: string): boolean;
  /** The finished folder of a key, null when there is none (any more); marks it as used. */
  find(key: string): Promise<string | null>;
  /** An empty folder that set-up steps can write; a copy of `base` when one is given. */
  begin(name: string, base: string | null): Promise<string>;
  /** Makes it safe to show to anybody and gives it its name; returns the path. */
  finish(partial: string, name: string): Promise<string>;
  /** Never throws. */
  remove(path: string): Promise<void>;
  /** Removes what earlier processes left, and all but the folders used last. Never throws. */
  prune(keep: number): Promise<void>;
  logFile(key: string): string;
};

export function createEnvironmentFolders(
  directory: string,
  process: string,
  asRoot: boolean,
  logger: Logger,
): EnvironmentFolders {
  const root = resolve(directory, "environments");
  const partialName = (name: string) => `${name}.${process}.partial`;
  const remove = async (path: string): Promise<void> => {
    try {
      await run("chmod", ["-R", "u+rwX", "--", path]).catch(() => undefined);
      await rm(path, { recursive: true, force: true });
    } catch (error) {
      logger.warn({ path, error }, "environment folder could not be removed");
    }
  };
  return {
    logFile: (key) => join(root, `${key}.log`),
    remove,
    holds: (reference) => dirname(reference) === root && finishedName.test(basename(reference)),
    async find(key) {
      const path = join(root, key);
      const found = await stat(path).catch(() => null);
      if (found?.isDirectory() !== true) return null;
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
      await remove(path);
      await rename(partial, path);
      await chmod(path, 0o555);
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
      for (const { name, at } of dated) {
        const passing = name.endsWith(".partial") || name.startsWith("layer-");
        const abandoned = Date.now() - at > abandonedAfter;
        if (passing && abandoned && !name.includes(process)) await remove(join(root, name));
      }
      const keys = dated.filter(({ name }) => /^[0-9a-f]{64}$/.test(name));
      for (const { name } of keys.sort((a, b) => b.at - a.at).slice(keep)) {
        await remove(join(root, name));
        await rm(join(root, `${name}.log`), { force: true });
      }
    },
  };
}

/** MiB that a folder takes. */
export async function folderMb(path: string): Promise<number> {
  // files that vanish meanwhile make it complain, and the sum is good enough
  const { stdout } = await run("du", ["-skx", "--", path]).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? "",
  }));
  return Math.ceil(Number(stdout.split("\t")[0] ?? 0) / 1024);
}
