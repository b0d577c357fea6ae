import { describe, expect, test } from "vitest";
import {
  command,
  never,
  openSession,
  outputOf,
  runAll,
  someLimits,
  treeOf,
} from "../../contracts/sandbox-subject.ts";
import { endedProcess, killContainers, lines, make, needsEngine, noEngine } from "./docker-subject.ts";
import { createEngineRelay } from "./engine-relay.ts";

const patience = { callMs: 20_000, transferMs: 60_000, outageMs: 60_000 };

/** Resolves when a job's command runs, seen from outside. */
async function jobRuns(instance: string): Promise<void> {
  const containers = () => lines("ps", "-q", "--filter", `label=copatcher.instance=${instance}`);
  const programs = () => containers().flatMap((id) => lines("top", id, "-eo", "pid,args"));
  await expect.poll(() => programs().join("\n"), { timeout: 20_000, interval: 250 }).toContain("sleep 2.21");
}

describe.skipIf(noEngine)(`docker engine in trouble ${needsEngine}`, () => {
  test("repeats a job when the engine was killed and came back", async () => {
    const relay = await createEngineRelay();
    const { sandbox, instance } = make({ slots: 1, socketPath: relay.socketPath, patience });
    const session = await openSession(sandbox, { files: { "a.txt": "base\n" } });

    const running = runAll(session, [command("cat a.txt; sleep 2.21")]);
    await jobRuns(instance);
    await relay.cut();
    killContainers(instance);
    setTimeout(() => void relay.restore(), 2000);

    expect(await running).toMatchObject([{ kind: "exited", exitCode: 0, stdout: "base\n" }]);
    expect(await outputOf(session, "cat a.txt")).toBe("base\n");
  });

  test("repeats a job when the engine stops all containers before it goes", async () => {
    const relay = await createEngineRelay();
    const { sandbox, instance } = make({ slots: 1, socketPath: relay.socketPath, patience });
    const session = await openSession(sandbox);

    const running = runAll(session, [command("sleep 2.21; echo done")]);
    await jobRuns(instance);
    killContainers(instance);
    await relay.cut();
    setTimeout(() => void relay.restore(), 1000);

    expect(await running).toMatchObject([{ kind: "exited", exitCode: 0, stdout: "done\n" }]);
  });

  test("takes no engine's end for a lack of memory, although a child was killed for that before", async () => {
    const { sandbox, instance } = make({ slots: 1, patience });
    const session = await openSession(sandbox, {}, { memoryMb: 64, treeMb: 16 });
    const greedy = `python3 -c 'x = b"x" * (1 << 30)'`;

    const running = runAll(session, [command(`${greedy}; sleep 2.21; echo done`)]);
    await jobRuns(instance);
    killContainers(instance);

    expect(await running).toMatchObject([{ kind: "exited", exitCode: 0, stdout: "done\n" }]);
  });

  test("repeats a job when only the connection was cut, and leaves no container of the first try", async () => {
    const relay = await createEngineRelay();
    const { sandbox, instance, leftovers } = make({ slots: 1, socketPath: relay.socketPath, patience });
    const session = await openSession(sandbox);

    const running = runAll(session, [command("sleep 2.21; echo done")]);
    await jobRuns(instance);
    await relay.cut();
    await relay.restore();

    expect(await running).toMatchObject([{ kind: "exited", exitCode: 0, stdout: "done\n" }]);
    await session.close();
    expect(leftovers()).toEqual([]);
  });

  test("gives up with sandbox-unavailable when the engine stays away longer than its patience", async () => {
    const relay = await createEngineRelay();
    const short = { callMs: 20_000, transferMs: 20_000, outageMs: 1500 };
    const { sandbox, instance } = make({
      slots: 1,
      socketPath: relay.socketPath,
      patience: short,
      process: endedProcess,
    });
    const session = await sandbox.open(
      { label: "x", environment: null, warmUp: null, tree: treeOf({}), limits: someLimits },
      never(),
    );
    const running = runAll(session, [command("sleep 2.21")]);
    await jobRuns(instance);

    await relay.cut();

    await expect(running).rejects.toMatchObject({ code: "sandbox-unavailable" });
    await session.close();
    killContainers(instance);
    await make({ slots: 1, instance }).sandbox.reap();
  });

  test("does not hang with an engine that hangs, and blames no command for it", async () => {
    const relay = await createEngineRelay();
    const short = { callMs: 1000, transferMs: 1000, outageMs: 2000 };
    const { sandbox, instance } = make({
      slots: 1,
      socketPath: relay.socketPath,
      patience: short,
      process: endedProcess,
    });
    const session = await openSession(sandbox);
    await outputOf(session, "true");
    relay.hang();

    await expect(runAll(session, [command("true")])).rejects.toMatchObject({ code: "sandbox-unavailable" });

    await session.close();
    await make({ slots: 1, instance }).sandbox.reap();
  });
});
