import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { CpuAccount } from "./cpu-account.ts";

/**
 * Does `work` while everything in the account, containers that are yet to come included, may use the first `cores` cores
 * only; then all of them again.
 */
export async function onCores<T>(account: CpuAccount, cores: number, work: () => Promise<T>): Promise<T> {
  confine(account, cores);
  try {
    return await work();
  } finally {
    confine(account, availableParallelism());
  }
}

function confine(account: CpuAccount, cores: number): void {
  const list = cores === 1 ? "0" : `0-${cores - 1}`;
  const root = existsSync("/sys/fs/cgroup/cpuset") ? "/sys/fs/cgroup/cpuset" : "/sys/fs/cgroup";
  // the engine makes the group with its first container
  writeFileSync(join(root, account.path, "cpuset.cpus"), list);
  for (const id of readFileSync(account.joinFile, "utf8").split("\n")) {
    if (id !== "") execFileSync("taskset", ["-a", "-c", "-p", list, id], { stdio: "ignore" });
  }
}
