import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { shellQuote } from "../../driver/shell-quote.ts";
import type { Logger } from "../../ports/logger.ts";
import type { GroupPlaces } from "./group-places.ts";
import type { MemoryLimiter } from "./memory-limit.ts";
import type { OwnLabel } from "./own-label.ts";

/** Processes of the walls themselves, on top of the commands'. */
const ownProcesses = 64;

/**
 * A control group of its own for every job: the kernel counts and limits what all its processes and memory file
 * systems take. The label stands in their names.
 */
export function controlGroups(places: GroupPlaces, label: OwnLabel, logger: Logger): MemoryLimiter {
  const memoryFolder = (name: string) => join(places.folders[0] ?? "", name);
  const countFile = places.version === 2 ? "memory.events" : "memory.oom_control";

  return {
    detail: `memory and processes limited by control groups (version ${places.version})`,
    async job(limits, folderBytes) {
      const name = `${label.own}-${randomUUID()}`;
      const folders = places.folders.map((folder) => join(folder, name));
      const memory = limits.memoryMb * 2 ** 20 + folderBytes;
      try {
        for (const folder of folders) await mkdir(folder);
        await limit(places, name, memory, limits.processes + ownProcesses);
      } catch (error) {
        await removeGroups(folders, logger);
        throw error;
      }
      const count = join(memoryFolder(name), countFile);
      const shown = `/sys/fs/cgroup/${places.version === 2 ? "" : "memory/"}${countFile}`;
      return {
        enter: folders.map((folder) => `echo $$ >${shellQuote(join(folder, "cgroup.procs"))}`).join("\n"),
        killCount: ["--ro-bind", count, shown],
        watch: () => undefined,
        killed: async () => /^oom_kill [1-9]/m.test(await readFile(count, "utf8")),
        release: () => removeGroups(folders, logger),
      };
    },
    async reap() {
      const left = new Set<string>();
      for (const folder of places.folders) {
        for (const name of await readdir(folder)) {
          if (label.isLeft(name)) left.add(name);
        }
      }
      for (const name of left) {
        await removeGroups(
          places.folders.map((folder) => join(folder, name)),
          logger,
        );
      }
      return left.size;
    },
  };
}

async function limit(places: GroupPlaces, name: string, memory: number, processes: number): Promise<void> {
  const set = (folder: string | undefined, file: string, value: number) =>
    writeFile(join(folder ?? "", name, file), String(value));
  const optional = (done: Promise<void>) => done.catch(() => undefined);
  const [first, second = first] = places.folders;
  await set(second, "pids.max", processes);
  if (places.version === 2) {
    await set(first, "memory.max", memory);
    // absent where the kernel does not count swap
    await optional(set(first, "memory.swap.max", 0));
    return;
  }
  await set(first, "memory.limit_in_bytes", memory);
  await optional(set(first, "memory.memsw.limit_in_bytes", memory));
}

/** Ends what is in the groups and removes them; the kernel needs a moment after the last process. */
async function removeGroups(folders: readonly string[], logger: Logger): Promise<void> {
  for (const folder of folders) {
    for (let attempt = 0; existsSync(folder); attempt += 1) {
      const error = await rmdir(folder).then(
        () => null,
        (reason: unknown) => reason,
      );
      if (error === null) break;
      if (attempt === 100) {
        logger.warn({ folder, error }, "a control group could not be removed");
        break;
      }
      if (attempt > 2) await killMembers(folder);
      await sleep(Math.min(100, 5 * attempt));
    }
  }
}

async function killMembers(folder: string): Promise<void> {
  const members = await readFile(join(folder, "cgroup.procs"), "utf8").catch(() => "");
  for (const pid of members.split("\n").map(Number)) {
    if (pid > 1) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // ended by itself
      }
    }
  }
}
