import type Docker from "dockerode";
import type { ContainerCreateOptions } from "dockerode";
import { once } from "node:events";
import { Writable, type Readable } from "node:stream";
import { RepairError } from "../../domain/errors.ts";
import type { Logger } from "../../ports/logger.ts";
import { isBeingRemoved, isMissing } from "./engine-errors.ts";

export type ContainerRun = {
  readonly config: ContainerCreateOptions;
  /** Opened after the container exists, and always closed. */
  readonly input: () => Readable;
  readonly deadlineMs: number;
  readonly maxOutputBytes: number;
};

export type ContainerResult = {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly end: "by-itself" | "deadline" | "out-of-memory" | "flooded";
};

/**
 * Runs one container to its end and removes it, whatever happens. When `signal` aborts it is killed and the result
 * is whatever came so far; the caller decides what that means. Throws what the engine throws.
 */
export async function runContainer(
  engine: Docker,
  run: ContainerRun,
  logger: Logger,
  signal: AbortSignal,
): Promise<ContainerResult> {
  const container = await engine.createContainer(run.config);
  let killedBy: "deadline" | "flooded" | null = null;
  // the engine says 404 or 409 when the container ended first
  const kill = () => void container.kill().catch(() => undefined);
  const limit = (reason: "deadline" | "flooded") => {
    killedBy ??= reason;
    kill();
  };
  let input: Readable | null = null;
  let inputError: Error | null = null;
  const waiting = new AbortController();
  const timer = setTimeout(() => limit("deadline"), run.deadlineMs);
  signal.addEventListener("abort", kill, { once: true });
  try {
    const stream = await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
    });
    const stdout = collector(run.maxOutputBytes, () => limit("flooded"));
    const stderr = collector(64 * 1024, () => undefined);
    engine.modem.demuxStream(stream, stdout.sink, stderr.sink);
    // a killed container closes its standard input under our hands
    stream.on("error", () => undefined);
    const closed = once(stream, "close", { signal: waiting.signal });
    const exited = container.wait({ condition: "next-exit", abortSignal: waiting.signal });
    const ended = Promise.all([exited, closed]);
    ended.catch(() => undefined);
    await container.start();
    if (signal.aborted) kill();
    input = run.input();
    input.once("error", (error) => {
      inputError = error;
      kill();
    });
    input.pipe(stream);
    await ended;
    if (inputError !== null) {
      throw new RepairError("sandbox-failed", "What the sandbox container should read cannot be read.", {
        cause: inputError,
      });
    }
    const { State } = await container.inspect();
    const end = killedBy ?? (State.OOMKilled ? "out-of-memory" : "by-itself");
    return { stdout: stdout.bytes(), stderr: stderr.bytes().toString("utf8"), exitCode: State.ExitCode, end };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
    waiting.abort();
    input?.destroy();
    await removeContainer(container, logger);
  }
}

/** Removes a container that may run, may be gone, or may be on its way; never throws. */
export async function removeContainer(container: Docker.Container, logger: Logger): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (isMissing(error) || isBeingRemoved(error)) return;
    // the next start reaps it by its label
    logger.warn({ container: container.id, error }, "sandbox container could not be removed");
  }
}

function collector(maxBytes: number, onFull: () => void) {
  const chunks: Buffer[] = [];
  let size = 0;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (size + chunk.length <= maxBytes) chunks.push(chunk);
      else onFull();
      size += chunk.length;
      done();
    },
  });
  return { sink, bytes: () => Buffer.concat(chunks) };
}
