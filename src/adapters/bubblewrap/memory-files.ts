import { readdirSync, readlinkSync, statSync } from "node:fs";

/** Kilobytes of the files without a name that these processes hold in memory (memfd); mapped or not, each counted once. */
export function memoryFilesKb(pids: readonly number[]): number {
  const sizes = new Map<string, number>();
  for (const pid of pids) {
    for (const descriptor of namesIn(`/proc/${pid}/fd`)) {
      const path = `/proc/${pid}/fd/${descriptor}`;
      try {
        if (!readlinkSync(path).startsWith("/memfd:")) continue;
        const { dev, ino, blocks } = statSync(path);
        sizes.set(`${dev}:${ino}`, blocks / 2);
      } catch {
        // closed meanwhile
      }
    }
  }
  return [...sizes.values()].reduce((sum, kb) => sum + kb, 0);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // the process ended, or does not let itself be looked at
    return [];
  }
}
