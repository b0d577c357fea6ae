import { readdirSync, readFileSync } from "node:fs";
import { parentOf } from "./process-tree.ts";

/**
 * Kills a sandbox by its first process on the host, which leads a process group. The first process inside ends with that
 * one, and everything inside with it, but not yet while bwrap starts: so it is found and killed too. It may be born while
 * it is looked for; then it is still of the group, and the kernel lets no fork slip past a signal to a group.
 */
export function killSandbox(root: number): void {
  signal(root, "SIGSTOP");
  const inside = childrenOf(root);
  signal(-root, "SIGKILL");
  signal(root, "SIGKILL");
  for (const pid of inside) signal(pid, "SIGKILL");
}

function childrenOf(pid: number): readonly number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1");
    return children.split(" ").flatMap((child) => (child === "" ? [] : Number(child)));
  } catch {
    // a kernel without that file, or the process has ended
    const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
    return all.filter((other) => parentOf(other) === pid);
  }
}

function signal(pid: number, name: "SIGSTOP" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended
  }
}
