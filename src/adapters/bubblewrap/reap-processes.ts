import { readdir, readFile } from "node:fs/promises";
import type { OwnLabel } from "./own-label.ts";

/**
 * Ends what is left of sandboxes whose bot was killed while they started; all others ended with it. Returns how many
 * processes that were.
 */
export async function reapProcesses(label: OwnLabel): Promise<number> {
  let reaped = 0;
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, "latin1").catch(() => "");
    if (!isBwrap(line) || !label.isLeft(line)) continue;
    try {
      process.kill(Number(name), "SIGKILL");
      reaped += 1;
    } catch {
      // ended by itself, or another user's
    }
  }
  return reaped;
}

const isBwrap = (commandLine: string): boolean => commandLine.startsWith("bwrap\0");
