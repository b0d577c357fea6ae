import { createSession } from "../../driver/session.ts";
import type { Slots } from "../../driver/slots.ts";
import { createWarmPool } from "../../driver/warm-pool.ts";
import type { Logger } from "../../ports/logger.ts";
import type { SandboxJob, SandboxRequest, SandboxSession } from "../../ports/sandbox.ts";
import type { Host } from "./host.ts";
import { runJob, startSandbox } from "./session-sandboxes.ts";
import { warmBase, type WarmedBase } from "./warm-up.ts";

export type SessionParts = {
  readonly host: Host;
  readonly request: SandboxRequest;
  readonly slots: Slots;
  /** Sandboxes at the same time before none is started ahead of its job. */
  readonly most: number;
  /**
   * Keeps an environment until the returned function is called. Throws RepairError `sandbox-image-missing` when there is
   * no such one.
   */
  readonly useEnvironment: (reference: string) => Promise<() => Promise<void>>;
  /** Called when the session has ended. */
  readonly release: () => Promise<void>;
  readonly logger: Logger;
};

export function bubblewrapSession(parts: SessionParts): SandboxSession {
  const { host, request, useEnvironment, logger } = parts;
  const { limits, tree, warmUp } = request;
  let warmed: WarmedBase | null = null;
  const start = (environment: string | null, signal: AbortSignal) => {
    const base = warmed?.path ?? tree.file;
    return startSandbox(host, { environment, base, limits, treeFiles: tree.files, warmed: null }, signal);
  };
  const pool = createWarmPool({
    start: (signal) => start(request.environment, signal),
    most: parts.most,
    logger,
  });
  const closing = new AbortController();

  const prepare = async (): Promise<void> => {
    if (warmUp !== null) {
      warmed = await warmBase(host, request, warmUp, closing.signal).catch((error: unknown) => {
        if (!closing.signal.aborted) logger.warn({ error }, "the base tree was not warmed up");
        return null;
      });
    }
    if (!closing.signal.aborted) pool.begin();
  };
  const prepared = prepare();

  const run = async (job: SandboxJob, _slot: number, signal: AbortSignal) => {
    const { environment = request.environment } = job;
    if (environment === request.environment) {
      return pool.use(signal, (sandbox) => runJob(sandbox, job, limits.outputBytes, signal));
    }
    const release = environment === null ? null : await useEnvironment(environment);
    try {
      const sandbox = await start(environment, signal);
      try {
        return await runJob(sandbox, job, limits.outputBytes, signal);
      } finally {
        await sandbox.discard();
      }
    } finally {
      await release?.();
    }
  };

  return createSession(parts.slots, run, async () => {
    closing.abort();
    await prepared;
    await pool.close();
    await warmed?.close();
    warmed = null;
    await parts.release();
  });
}
