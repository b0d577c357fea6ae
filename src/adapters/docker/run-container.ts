import type { ContainerCreateOptions } from "dockerode";
import type { Readable } from "node:stream";
import { RepairError } from "../../domain/errors.ts";
import type { Logger } from "../../ports/logger.ts";
import type { Engine } from "./engine.ts";
import { containerEnd } from "./container-end.ts";
import { removeContainer, startContainer } from "./live-container.ts";

export type ContainerRun = {
  readonly config: ContainerCreateOptions;
  /** Opened after the container has started, and always closed. */
  readonly input: () => Readable;
  readonly deadlineMs: number;
  readonly maxOutputBytes: number;
};

export type ContainerResult = {
  readonly stdout: Buffer;
  readonly stderr: string;
  /** Null when it was still running at the deadline or when its output was too much. */
  readonly exitCode: number | null;
  readonly end: "by-itself" | "deadline" | "out-of-memory" | "flooded";
};

/**
 * Runs one container to its end and removes it, whatever happens. Throws what the engine throws, RepairError
 * `sandbox-unavailable` when the engine went away meanwhile, and `cancelled` when `signal` aborts.
 */
export async function runContainer(
  engine: Engine,
  run: ContainerRun,
  logger: Logger,
  signal: AbortSignal,
): Promise<ContainerResult> {
  const live = await startContainer(engine, run.config, run.maxOutputBytes, logger);
  const input = run.input();
  try {
    let unreadable: Error | null = null;
    const broken = new AbortController();
    input.once("error", (error) => {
      unreadable = error;
      broken.abort();
    });
    input.pipe(live.stdin);
    const look = (): "flooded" | "closed" | null =>
      live.flooded() ? "flooded" : live.isClosed() ? "closed" : null;
    const seen = await live
      .until(look, run.deadlineMs, AbortSignal.any([signal, broken.signal]))
      .catch((error: unknown) => {
        if (unreadable === null) throw error;
        throw new RepairError("sandbox-failed", "What the sandbox container should read cannot be read.", {
          cause: unreadable,
        });
      });
    const { exitCode, end } =
      seen === "closed" ? await containerEnd(engine, live.container) : { exitCode: null, end: seen };
    return { stdout: live.stdout(), stderr: live.stderr(), exitCode, end };
  } finally {
    input.destroy();
    await removeContainer(engine, live.container, logger);
  }
}
