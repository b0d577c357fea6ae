import type Docker from "dockerode";
import { Writable, type Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { RepairError } from "../../../domain/errors.ts";
import { layout } from "../../../driver/sandbox-layout.ts";
import { overMemory, type SetupDisk } from "../../../driver/setup-limits.ts";
import type { StepEnd } from "../../../driver/setup-steps.ts";
import { throwIfAborted } from "../../../driver/slots.ts";
import type { Engine } from "../engine.ts";
import { engineLost } from "../engine-errors.ts";
import { watchDisk } from "./setup-disk-watch.ts";
import { ranOutOfMemory } from "./setup-memory.ts";

export type SetupCommand = {
  readonly command: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** What the container may write at most; null where nobody looks. */
  readonly disk: SetupDisk | null;
  /** What the container has. */
  readonly memoryMb: number;
  readonly output: (chunk: Buffer) => void;
};

/**
 * Runs one command in a running container. At the time limit, above the disk limit and when `signal` aborts the whole
 * container is killed: nothing less ends a command of the engine for sure.
 */
export async function runInContainer(
  engine: Engine,
  container: Docker.Container,
  run: SetupCommand,
  signal: AbortSignal,
): Promise<StepEnd> {
  throwIfAborted(signal);
  let stopped: string | null = null;
  let stream: Duplex | null = null;
  const kill = (why: string): void => {
    stopped ??= why;
    engine
      .call("ending a command", (abortSignal) => container.kill({ abortSignal }))
      // an engine that cannot end the container closes no stream either
      .catch(() => stream?.destroy());
  };
  const onAbort = () => kill("cancelled");
  const ended = new AbortController();
  const timer = setTimeout(() => kill(`timed out after ${run.timeoutMs / 1000} s`), run.timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });
  const { disk } = run;
  if (disk !== null) void watchDisk(engine, container, disk, kill, ended.signal);
  try {
    const exec = await engine.call("preparing a command", (abortSignal) =>
      container.exec({
        abortSignal,
        Cmd: [...run.command],
        Env: Object.entries(run.variables).map(([name, value]) => `${name}=${value}`),
        User: "0:0",
        WorkingDir: layout.tree,
        AttachStdout: true,
        AttachStderr: true,
      }),
    );
    stream = await engine.call("starting a command", (abortSignal) => exec.start({ abortSignal }));
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        run.output(chunk);
        done();
      },
    });
    engine.docker.modem.demuxStream(stream, sink, sink);
    // a killed container cuts its streams
    await finished(stream, { writable: false }).catch(() => undefined);
    throwIfAborted(signal);
    if (stopped !== null) return { kind: "stopped", why: stopped };
    return await exitOf(engine, container, exec, run.memoryMb);
  } catch (error) {
    throwIfAborted(signal);
    if (stopped !== null) return { kind: "stopped", why: stopped };
    throw error;
  } finally {
    clearTimeout(timer);
    ended.abort();
    signal.removeEventListener("abort", onAbort);
  }
}

const settleMs = 5000;

/** The engine closes the streams a little before it knows the status. */
async function exitOf(
  engine: Engine,
  container: Docker.Container,
  exec: Docker.Exec,
  memoryMb: number,
): Promise<StepEnd> {
  const limit = performance.now() + settleMs;
  for (;;) {
    const { ExitCode } = await engine.call("asking how a command ended", () => exec.inspect());
    const { State } = await engine.call("inspecting a container", (abortSignal) =>
      container.inspect({ abortSignal }),
    );
    if (ExitCode === killed && (await ranOutOfMemory(engine, container, exec, State.StartedAt))) {
      return { kind: "stopped", why: overMemory(memoryMb) };
    }
    if (ExitCode !== null) return { kind: "exited", code: ExitCode };
    if (!State.Running) throw engineLost("the container of the set-up ended");
    if (performance.now() > limit) throw engineLost("it closed the streams of a command that runs on");
    await delay(50);
  }
}

const killed = 137;

/** Of what a command of ours says, in bytes. */
const maxSaid = 64 * 1024;

/** Runs a command of ours. Throws RepairError `sandbox-failed` with what it said. */
export async function runOurs(
  engine: Engine,
  container: Docker.Container,
  script: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const said: Buffer[] = [];
  let size = 0;
  // steps may have put anything in the place of the programs that it uses
  const output = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= maxSaid) said.push(chunk);
  };
  const run = { command: script, variables: {}, timeoutMs: 300_000, disk: null, memoryMb: 0 };
  const end = await runInContainer(engine, container, { ...run, output }, signal);
  const text = Buffer.concat(said).toString("utf8").trim();
  if (end.kind === "exited" && end.code === 0) return text;
  const how = end.kind === "exited" ? `exit ${end.code}` : end.why;
  throw new RepairError("sandbox-failed", `The set-up container failed (${how}): ${text.slice(-500)}`);
}
