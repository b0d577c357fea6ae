import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { driverScript, type DeadMan } from "../../../src/driver/driver-script.ts";
import { jobArchive } from "../../../src/driver/job-archive.ts";
import { command, openSession } from "../../contracts/sandbox-subject.ts";
import { image, lines, make, needsEngine, noEngine } from "./docker-subject.ts";
import { createEngineRelay } from "./engine-relay.ts";

const folders = ["repo", "ctl", "out", "keep"].flatMap((name) => ["--tmpfs", `/sbx/${name}`]);
const shape = {
  tools: [],
  unpack: "true",
  asUser: '"$@"',
  run: 'exec timeout "$1" sh "$2"',
  outputBytes: 8e6,
};

/** The driver in a container, with somebody who holds its streams and reads nothing. */
function startDriver(deadMan: DeadMan, name = `test-${randomUUID()}`) {
  const words = ["run", "-i", "--rm", "--init", "--network", "none", "--name", name, ...folders, image];
  const child = spawn("docker", [...words, "sh", "-c", driverScript(shape, deadMan)], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** The container's first process, null before it runs. The engine itself waits for its reader before it says that it ended. */
function firstProcess(name: string): string | null {
  const { stdout } = spawnSync("docker", ["inspect", "--format", "{{.State.Pid}}", name], {
    encoding: "utf8",
  });
  return /^[1-9]\d*$/m.exec(stdout)?.[0] ?? null;
}

describe.skipIf(noEngine)(`dead-man switch ${needsEngine}`, () => {
  test("ends a container that gets no job", async () => {
    const child = startDriver({ idle: 1, grace: 0 });
    child.stdout.resume();

    expect(await once(child, "exit")).toHaveLength(2);
  });

  test("ends a container whose job is over its time because nobody takes what it says", async () => {
    const name = `test-${randomUUID()}`;
    const child = startDriver({ idle: 1800, grace: -3 }, name);
    const loud = {
      label: "job",
      files: [],
      commands: [command("head -c 8000000 /dev/zero", { timeoutMs: 1000 })],
    };
    child.stdin.write("nonce\n");
    child.stdin.end(await jobArchive(loud));

    await expect.poll(() => firstProcess(name), { timeout: 20_000, interval: 100 }).not.toBeNull();
    const first = `/proc/${firstProcess(name)}`;
    expect(existsSync(first)).toBe(true);

    await expect.poll(() => existsSync(first), { timeout: 20_000, interval: 250 }).toBe(false);
  });

  test("ends a container that waits for a job at once when its bot is gone", async () => {
    const relay = await createEngineRelay();
    const { sandbox, instance } = make({ slots: 1, socketPath: relay.socketPath });
    const session = await openSession(sandbox);
    const filters = [
      "--filter",
      `label=copatcher.instance=${instance}`,
      "--filter",
      "label=copatcher.driver",
    ];
    await expect.poll(() => lines("ps", "-q", ...filters)).toHaveLength(1);

    await relay.cut();

    await expect.poll(() => lines("ps", "-aq", ...filters, "--filter", "status=running")).toEqual([]);
    await relay.restore();
    await session.close();
  });
});
