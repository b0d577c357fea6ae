import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync } from "node:fs";
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
/** Not a synchronous call: GitHub lives in this process. */
const succeeds = (command: string, ...args: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    execFile(command, args, (error) => resolve(error === null));
  });

/** Why no engine can be started here; null when one can. */
export function noEngine(): string | null {
  if (process.getuid?.() !== 0) return "an engine of our own needs root";
  const { status } = spawnSync("docker", ["image", "inspect", image], { stdio: "ignore" });
  return status === 0 ? null : `there is no Docker with the image ${image}`;
}

/** Starts it in a network namespace of its own, since a second daemon would take down the first one's bridge. */
export async function startEngine(directory: string): Promise<Engine> {
  mkdirSync(directory, { recursive: true });
  const host = `unix://${directory}/docker.sock`;
  const daemon = (run: string): string =>
    [
      `dockerd --data-root=${directory}/data --exec-root=${run} --pidfile=${directory}/pid -H ${host}`,
      "--bridge=none --iptables=false --ip6tables=false --exec-opt native.cgroupdriver=cgroupfs --log-level=error",
    ].join(" ");
  let child: ChildProcess;
  let starts = 0;
  let run = "";

  async function start(): Promise<void> {
    // a place of its own each time: what the dead one left in it keeps the next from starting
    run = join(directory, `run-${(starts += 1)}`);
    const script = `exec unshare --net ${daemon(run)} >>${join(directory, "log")} 2>&1`;
    child = spawn("sh", ["-c", script], { stdio: "ignore", detached: true });
    for (let tries = 0; tries < 240 && child.exitCode === null; tries += 1) {
      if (await succeeds("docker", "-H", host, "version")) return;
      await sleep(250);
    }
    throw new Error(`the private Docker engine does not answer; its log is in ${directory}`);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }
  await start();
  if (!(await succeeds("sh", "-c", `docker save ${image} | docker -H ${host} load`))) {
    await end("SIGTERM");
    throw new Error(`the image ${image} could not be copied to the private engine`);
  }
  return {
    environment: { COPATCHER_SANDBOX: "docker", DOCKER_HOST: host, COPATCHER_SANDBOX_IMAGE: image },
    async crash() {
      await end("SIGKILL");
      // a machine's engine is both; left alone it would keep the next daemon from starting its own
      const containerd = Number(readFileSync(join(run, "containerd", "containerd.pid"), "utf8"));
      process.kill(containerd, "SIGKILL");
      await sleep(Math.random() * 1_000);
      await start();
    },
    async stop() {
      await end("SIGTERM");
      endContainers(directory);
      letGoOfMounts(directory);
    },
  };
}

/** Ends what dead daemons left running: containers and their minders, whose command lines name our folder. */
function endContainers(directory: string): void {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = stdout.split("\n").map((row) => row.trim().split(/\s+/));
  const minders = rows.filter(
    (row) => row[2]?.includes("containerd-shim") && row.join(" ").includes(directory),
  );
  const pids = new Set(minders.map(([pid]) => pid));
  const inside = rows.filter(([, parent]) => pids.has(parent));
  for (const [pid] of [...inside, ...minders]) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // it has ended meanwhile
    }
  }
}

/** File systems of containers that no daemon has taken down; the folder could not be removed. */
function letGoOfMounts(directory: string): void {
  const places = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .flatMap((line) => line.split(" ")[1] ?? [])
    .filter((place) => place.startsWith(`${directory}/`));
  // those inside of others first
  for (const place of places.toReversed()) spawnSync("umount", ["-l", place], { stdio: "ignore" });
}
