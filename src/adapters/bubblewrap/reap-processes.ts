import { readdir, readFile } from "node:fs/promises";
import { statFields } from "../../driver/process-identity.ts";
import type { OwnLabel } from "./own-label.ts";

/**
 * Ends what is left of sandboxes whose bot was killed while they started; all others ended with it. `owners` are the
 * users that sandboxes of this bot belong to. Returns how many processes that were.
 */
export async function reapProcesses(label: OwnLabel, owners: readonly number[]): Promise<number> {
  let reaped = 0;
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const pid = Number(name);
    const began = startOf(pid);
    const line = await readFile(`/proc/${name}/cmdline`, "latin1").catch(() => "");
    if (!isBwrap(line) || !label.isLeft(line)) continue;
    const status = await readFile(`/proc/${name}/status`, "latin1").catch(() => "");
    const owner = /^Uid:\t(\d+)\t/m.exec(status)?.[1] ?? "";
    // whoever else calls a program so is not ours to end, and a number may have come back meanwhile
    if (!owners.map(String).includes(owner) || startOf(pid) !== began) continue;
    try {
      process.kill(pid, "SIGKILL");
      reaped += 1;
    } catch {
      // ended by itself
    }
  }
  return reaped;
}

const startOf = (pid: number): string | null => statFields(pid)?.[19] ?? null;

const isBwrap = (commandLine: string): boolean => commandLine.startsWith("bwrap\0");
