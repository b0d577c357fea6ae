import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A Docker engine of our own: the machine's is never touched. */
export type Engine = {
  /** What makes the bot use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** SIGKILL; resolves when it answers again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
};

const image = "copatcher-sandbox:test";
const succeeds = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: "ignore" }).status === 0;

/** Why no engine can be started here; null when one can. */
export function noEngine(): string | null {
  if (process.getuid?.() !== 0) return "an engine of our own needs root";
  return succeeds("docker", "image", "inspect", image) ? null : `there is no Docker with the image ${image}`;
}

/** Starts it in a network namespace of its own, since a second daemon would take down the first one's bridge. */
export async function startEngine(directory: string): Promise<Engine> {
  mkdirSync(directory, { recursive: true });
  const host = `unix://${directory}/docker.sock`;
  const daemon = [
    `dockerd --data-root=${directory}/data --exec-root=${directory}/exec --pidfile=${directory}/pid -H ${host}`,
    "--bridge=none --iptables=false --ip6tables=false --exec-opt native.cgroupdriver=cgroupfs --log-level=error",
  ].join(" ");
  let child: ChildProcess;

  async function start(): Promise<void> {
    const script = `exec unshare --net ${daemon} >>${join(directory, "log")} 2>&1`;
    child = spawn("sh", ["-c", script], { stdio: "ignore", detached: true });
    for (let tries = 0; tries < 240 && child.exitCode === null; tries += 1) {
      if (succeeds("docker", "-H", host, "version")) return;
      await sleep(250);
    }
    throw new Error(`the private Docker engine does not answer; its log is in ${directory}`);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
  await start();
  if (!succeeds("sh", "-c", `docker save ${image} | docker -H ${host} load`)) {
    await end("SIGTERM");
    throw new Error(`the image ${image} could not be copied to the private engine`);
  }
  return {
    environment: { COPATCHER_SANDBOX: "docker", DOCKER_HOST: host, COPATCHER_SANDBOX_IMAGE: image },
    async crash() {
      await end("SIGKILL");
      await sleep(Math.random() * 1_000);
      await start();
    },
    stop: () => end("SIGTERM"),
  };
}
