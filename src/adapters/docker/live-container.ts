import type Docker from "dockerode";
import type { ContainerCreateOptions } from "dockerode";
import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { cancelled } from "../../driver/slots.ts";
import type { Logger } from "../../ports/logger.ts";
import { namePrefix } from "./container-config.ts";
import type { Engine } from "./engine.ts";
import { isBeingRemoved, isMissing, isRefusal } from "./engine-errors.ts";

/** A running container whose standard streams end here. */
export type LiveContainer = {
  readonly container: Docker.Container;
  readonly stdin: NodeJS.WritableStream;
  stdout(): Buffer;
  /** Whether the last bytes of the standard output so far are these; cheap. */
  stdoutEndsWith(text: string): boolean;
  stderr(): string;
  /** Sets another limit for the whole standard output. */
  allowOutput(maxBytes: number): void;
  /** More came on the standard output than its limit; the rest was dropped. */
  flooded(): boolean;
  /** Resolves when the streams end, with the container or with the connection. */
  readonly closed: Promise<void>;
  isClosed(): boolean;
  /**
   * The first thing that `look` finds, now or whenever more output came or the streams closed; "deadline" after
   * `deadlineMs`. Throws RepairError `cancelled` when `signal` aborts.
   */
  until<T>(look: () => T | null, deadlineMs: number, signal: AbortSignal): Promise<T | "deadline">;
};

const tailBytes = 64;
const maxErrorBytes = 64 * 1024;

/** Creates, attaches and starts. Throws what the engine throws, and leaves no container then. */
export async function startContainer(
  engine: Engine,
  config: ContainerCreateOptions,
  maxOutputBytes: number,
  logger: Logger,
): Promise<LiveContainer> {
  const container = await createContainer(engine, config, logger);
  try {
    const stream = await engine.call("attaching to a container", (abortSignal) =>
      container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true, abortSignal }),
    );
    const watchers = new Set<() => void>();
    const changed = () => {
      for (const watch of watchers) watch();
    };
    const stdout = collector(maxOutputBytes, changed);
    const stderr = collector(maxErrorBytes, () => undefined);
    let open = true;
    const closed = new Promise<void>((resolve) => {
      stream.once("close", () => {
        open = false;
        changed();
        resolve();
      });
    });
    engine.docker.modem.demuxStream(stream, stdout.sink, stderr.sink);
    // a killed container closes its standard input under our hands
    stream.on("error", () => undefined);
    await engine.call("starting a container", (abortSignal) => container.start({ abortSignal }));
    return {
      container,
      stdin: stream,
      stdout: stdout.bytes,
      stdoutEndsWith: stdout.endsWith,
      allowOutput: stdout.allow,
      stderr: () => stderr.bytes().toString("utf8"),
      flooded: stdout.full,
      closed,
      isClosed: () => !open,
      until: (look, deadlineMs, signal) => lookUntil(watchers, look, deadlineMs, signal),
    };
  } catch (error) {
    await removeContainer(engine, container, logger);
    throw error;
  }
}

/** Every container of ours has a name that begins with ours, so that nothing derived from our images is taken for one. */
export async function createContainer(
  engine: Engine,
  config: ContainerCreateOptions,
  logger: Logger,
): Promise<Docker.Container> {
  const name = `${namePrefix}${randomUUID()}`;
  try {
    return await engine.call("creating a container", (abortSignal) =>
      engine.docker.createContainer({ ...config, name, abortSignal }),
    );
  } catch (error) {
    // without an answer it may exist nevertheless
    if (!isRefusal(error)) void removeContainer(engine, engine.docker.getContainer(name), logger);
    throw error;
  }
}

/** Removes a container that may run, may be gone, or may be on its way; never throws. */
export async function removeContainer(
  engine: Engine,
  container: Docker.Container,
  logger: Logger,
): Promise<void> {
  try {
    await engine.call("removing a container", (abortSignal) =>
      container.remove({ force: true, v: true, abortSignal }),
    );
  } catch (error) {
    if (isMissing(error) || isBeingRemoved(error)) return;
    // closing the session tries again, and the next start reaps it by its label
    logger.warn({ container: container.id, error }, "sandbox container could not be removed");
  }
}

function lookUntil<T>(
  watchers: Set<() => void>,
  look: () => T | null,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<T | "deadline"> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      watchers.delete(watch);
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    const settle = (value: T | "deadline") => {
      leave();
      resolve(value);
    };
    const watch = () => {
      const found = look();
      if (found !== null) settle(found);
    };
    const onAbort = () => {
      leave();
      reject(cancelled());
    };
    const timer = setTimeout(() => settle("deadline"), deadlineMs);
    signal.addEventListener("abort", onAbort, { once: true });
    watchers.add(watch);
    if (signal.aborted) onAbort();
    else watch();
  });
}

function collector(firstMaxBytes: number, changed: () => void) {
  let maxBytes = firstMaxBytes;
  const chunks: Buffer[] = [];
  let size = 0;
  let tail = Buffer.alloc(0);
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (size + chunk.length <= maxBytes) chunks.push(chunk);
      size += chunk.length;
      tail = Buffer.from(Buffer.concat([tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes));
      changed();
      done();
    },
  });
  return {
    sink,
    bytes: () => Buffer.concat(chunks),
    allow: (bytes: number) => {
      maxBytes = bytes;
    },
    full: () => size > maxBytes,
    endsWith: (text: string) => tail.toString("latin1").endsWith(text),
  };
}
