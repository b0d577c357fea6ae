import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createDockerSandbox } from "../../../src/adapters/docker/docker-sandbox.ts";
import { identityOf } from "../../../src/driver/process-identity.ts";
import { sandboxContract } from "../../contracts/sandbox.ts";
import { sandboxIsolationContract, sandboxMemoryContract } from "../../contracts/sandbox-isolation.ts";
import {
  command,
  never,
  outputOf,
  openSession,
  runAll,
  someLimits,
  treeOf,
} from "../../contracts/sandbox-subject.ts";
import { sandboxWarmUpContract } from "../../contracts/sandbox-warm-up.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { endedProcess, image, killContainers, lines, make, needsEngine, noEngine } from "./docker-subject.ts";

test("names the engine's address when no engine answers", async () => {
  const sandbox = createDockerSandbox({
    socketPath: "/nonexistent/docker.sock",
    defaultImage: image,
    instance: "test",
    slots: 1,
    logger: createSilentLogger(),
  });

  expect(await sandbox.check(null)).toMatchObject({
    ok: false,
    detail: expect.stringContaining("/nonexistent"),
  });
  await expect(openSession(sandbox)).rejects.toMatchObject({ code: "sandbox-unavailable" });
});

describe.skipIf(noEngine)(`docker ${needsEngine}`, () => {
  sandboxContract("docker", make);
  sandboxIsolationContract("docker", make);
  sandboxMemoryContract("docker", make);
  sandboxWarmUpContract("docker", make);

  test("names the image that is missing", async () => {
    const { sandbox, leftovers } = make({ slots: 1 });
    const request = {
      label: "x",
      environment: "no-such-image:1",
      warmUp: null,
      tree: treeOf({}),
      limits: someLimits,
    };

    expect(await sandbox.check("no-such-image:1")).toMatchObject({
      ok: false,
      detail: expect.stringContaining("no-such-image:1"),
    });
    await expect(sandbox.open(request, never())).rejects.toMatchObject({
      code: "sandbox-image-missing",
      message: expect.stringContaining("no-such-image:1"),
    });
    expect(leftovers()).toEqual([]);
  });

  test("leaves nothing behind when the base tree cannot be read", async () => {
    const { sandbox, leftovers } = make({ slots: 1 });
    const tree = { ...treeOf({}), file: "/nonexistent/tree.tar" };

    await expect(
      sandbox.open({ label: "x", environment: null, warmUp: null, tree, limits: someLimits }, never()),
    ).rejects.toMatchObject({ code: "sandbox-failed" });

    expect(leftovers()).toEqual([]);
  });

  test("reaps what a crashed process left, not what this one, others that live or another installation use", async () => {
    const crashed = make({ slots: 1, process: endedProcess });
    const { instance } = crashed;
    const successor = make({ slots: 1, instance });
    const neighbour = make({ slots: 1, instance, process: identityOf(process.ppid) });
    const remote = make({ slots: 1, instance, process: endedProcess.replace(/\w{8}$/, "00000000") });
    const stranger = make({ slots: 1 });
    const left = await openSession(crashed.sandbox);
    const others = await Promise.all([openSession(neighbour.sandbox), openSession(remote.sandbox)]);
    const strange = await openSession(stranger.sandbox);
    await outputOf(left, "true");
    const own = await openSession(successor.sandbox);
    await outputOf(own, "true");

    expect(await successor.sandbox.reap()).toBeGreaterThanOrEqual(2);

    for (const session of [own, ...others]) expect(await outputOf(session, "echo works")).toBe("works\n");
    expect(await outputOf(strange, "echo works")).toBe("works\n");
    await Promise.all([own, left, ...others].map((session) => session.close()));
    expect(crashed.leftovers()).toEqual([]);
  });

  test("reaps nothing that someone else made and that carries our labels", async () => {
    const { sandbox, instance } = make({ slots: 1 });
    const label = `copatcher.instance=${instance}`;
    const [theirs = ""] = lines("create", "--label", label, image, "true");
    const [volume = ""] = lines("volume", "create", "--label", label);
    onTestFinished(() => {
      lines("rm", theirs);
      lines("volume", "rm", volume);
    });

    expect(await sandbox.reap()).toBe(0);
  });

  test("runs a job in the environment that it names and the next one in the session's", async () => {
    const other = `copatcher-test-other:${randomUUID().slice(0, 8)}`;
    execFileSync("docker", ["build", "-q", "-t", other, "-"], {
      input: `FROM ${image}\nENV PATH=/other:$PATH\n`,
      stdio: ["pipe", "ignore", "ignore"],
    });
    onTestFinished(() => void lines("rmi", other));
    const session = await openSession(make({ slots: 1 }).sandbox, { files: { "a.txt": "base " } });
    expect(session.image).toMatch(/^sha256:[0-9a-f]{64}$/);
    const job = { label: "job", files: [], commands: [command('cat a.txt; echo "${PATH%%:*}"')] };

    const [inOther] = await session.run({ ...job, environment: other }, never());
    const [inOwn] = await session.run(job, never());

    expect(inOther).toMatchObject({ stdout: "base /other\n" });
    expect(inOwn).toMatchObject({ stdout: expect.not.stringContaining("/other") });
  });

  test("has the next container ready before its job, and never more than its slots and one", async () => {
    const { sandbox, instance } = make({ slots: 2 });
    const session = await openSession(sandbox);
    const ready = () =>
      lines(
        "ps",
        "-q",
        "--filter",
        `label=copatcher.instance=${instance}`,
        "--filter",
        "label=copatcher.driver",
      );
    await expect.poll(ready).toHaveLength(1);
    const [first] = ready();

    const [outcome] = await runAll(session, [command("cat /etc/hostname; hostname")]);

    expect(outcome).toMatchObject({ kind: "exited" });
    await expect.poll(ready).not.toContain(first);
    await Promise.all([1, 2, 3, 4].map(() => outputOf(session, "true")));
    await expect.poll(() => ready().length).toBe(2);
  });

  test("hands no job a container that died while it waited", async () => {
    const { sandbox, instance } = make({ slots: 1 });
    const session = await openSession(sandbox);
    await outputOf(session, "true");
    killContainers(instance);

    expect(await outputOf(session, "echo again")).toBe("again\n");
  });

  describe("an image with a declared volume and a health check", () => {
    const declaring = `copatcher-test-declaring:${randomUUID().slice(0, 8)}`;

    beforeAll(() => {
      const container = execFileSync("docker", ["create", image, "true"], { encoding: "utf8" }).trim();
      const changes = [
        "VOLUME /var/tmp",
        'HEALTHCHECK --interval=1s CMD ["sh", "-c", "echo ill >/tmp/health"]',
      ];
      execFileSync("docker", [
        "commit",
        ...changes.flatMap((change) => ["--change", change]),
        container,
        declaring,
      ]);
      execFileSync("docker", ["rm", container]);
    });
    afterAll(() => {
      execFileSync("docker", ["rmi", declaring]);
    });

    const open = () =>
      make({ slots: 1 }).sandbox.open(
        { label: "x", environment: declaring, warmUp: null, tree: treeOf({}), limits: someLimits },
        never(),
      );

    test("gives commands no room on the host's disk", async () => {
      const session = await open();
      onTestFinished(() => session.close());

      expect(await outputOf(session, "echo x >/var/tmp/x && echo written || echo refused")).toBe("refused\n");
    });

    test("runs nothing beside the commands", async () => {
      const session = await open();
      onTestFinished(() => session.close());

      expect(await outputOf(session, "sleep 2.5; cat /tmp/health 2>/dev/null || echo nothing")).toBe(
        "nothing\n",
      );
    });
  });

  test("keeps the base tree in use, so that pruning volumes does not take it", async () => {
    const { sandbox, instance } = make({ slots: 1 });
    const session = await openSession(sandbox, { files: { "a.txt": "base" } });
    const [volume = ""] = lines("volume", "ls", "-q", "--filter", `label=copatcher.instance=${instance}`);

    expect(spawnSync("docker", ["volume", "rm", volume], { stdio: "ignore" }).status).not.toBe(0);

    expect(await outputOf(session, "cat a.txt")).toBe("base");
  });

  test.each([
    ["the virtual machine's host", 40],
    ["raw packets", 17],
    ["kernel cryptography", 38],
  ])("refuses sockets to %s", async (_, family) => {
    const session = await openSession(make({ slots: 1 }).sandbox);
    const script = `python3 -c 'import socket
try:
    socket.socket(${family}, socket.SOCK_STREAM if ${family} == 40 else socket.SOCK_RAW if ${family} == 17 else socket.SOCK_SEQPACKET)
    print("open")
except PermissionError:
    print("refused")'`;

    expect(await outputOf(session, script)).toBe("refused\n");
  });

  test("refuses system calls into namespaces, rings and other processes", async () => {
    const session = await openSession(make({ slots: 1 }).sandbox);
    const script = `python3 - <<'END'
import ctypes, errno, platform
libc = ctypes.CDLL(None, use_errno=True)
arm = platform.machine() == "aarch64"
numbers = {"ptrace": 117 if arm else 101, "unshare": 97 if arm else 272, "io_uring_setup": 425, "mount": 40 if arm else 165, "keyctl": 219 if arm else 250, "bpf": 280 if arm else 321}
for name, number in numbers.items():
    assert libc.syscall(number, 0, 0, 0, 0, 0) == -1, name
    print(name, errno.errorcode[ctypes.get_errno()])
END`;

    const output = await outputOf(session, script);

    expect(
      output
        .trim()
        .split("\n")
        .map((line) => line.split(" ")[1]),
    ).toEqual(Array(6).fill("EPERM"));
  });
});
