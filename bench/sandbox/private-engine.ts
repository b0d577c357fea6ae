import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CpuAccount } from "./cpu-account.ts";

export type PrivateEngine = {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  readonly dataDirectory: string;
  stop(): Promise<void>;
};

/**
 * A Docker engine of our own, so that everything it does for us is counted and nothing else is: daemon, containerd, shims
 * and containers. It lives in a network namespace of its own, since a second daemon in the first one's would take down
 * its bridge (sandbox notes, section 10).
 */
export async function startPrivateEngine(account: CpuAccount, image: string): Promise<PrivateEngine> {
  const directory = mkdtempSync(join(tmpdir(), "copatcher-bench-engine-"));
  const host = `unix://${directory}/docker.sock`;
  const daemon = [
    `dockerd --data-root=${directory}/data --exec-root=${directory}/exec --pidfile=${directory}/pid -H ${host}`,
    "--bridge=none --iptables=false --ip6tables=false --exec-opt native.cgroupdriver=cgroupfs",
    `--cgroup-parent=${account.path} --log-level=error`,
  ].join(" ");
  const script = `echo $$ >${account.joinFile} && exec unshare --net ${daemon} >${directory}/log 2>&1`;
  const child = spawn("sh", ["-c", script], { stdio: "ignore", detached: true });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await answers(host, () => child.exitCode !== null);
    execFileSync("sh", ["-c", `docker save ${image} | docker -H ${host} load`], { stdio: "pipe" });
    return { host, dataDirectory: join(directory, "data"), stop };
  } catch (error) {
    await stop();
    throw new Error(`a private Docker engine with ${image} could not be started`, { cause: error });
  }
}

async function answers(host: string, ended: () => boolean): Promise<void> {
  for (let tries = 0; tries < 120 && !ended(); tries += 1) {
    try {
      execFileSync("docker", ["-H", host, "version"], { stdio: "ignore" });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  throw new Error("dockerd did not answer");
}
