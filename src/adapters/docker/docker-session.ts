import { createSession } from "../../driver/session.ts";
import type { Slots } from "../../driver/slots.ts";
import { createWarmPool } from "../../driver/warm-pool.ts";
import type { Logger } from "../../ports/logger.ts";
import type { SandboxJob, SandboxSession } from "../../ports/sandbox.ts";
import type { Engine } from "./engine.ts";
import { engineError } from "./engine-errors.ts";
import type { SessionContainers } from "./session-containers.ts";
import { throughOutages } from "./through-outages.ts";

export type SessionParts = {
  readonly engine: Engine;
  /** The session's image; jobs that name another one get nothing ahead of time. */
  readonly image: string;
  readonly containers: SessionContainers;
  readonly slots: Slots;
  /** Containers at the same time before none is started ahead of its job. */
  readonly most: number;
  readonly warmUp: string | null;
  readonly logger: Logger;
};

export function dockerSession(parts: SessionParts): SandboxSession {
  const { engine, image, containers, warmUp, logger } = parts;
  const pool = createWarmPool({
    start: (signal) => containers.start(image, signal),
    most: parts.most,
    logger,
  });
  const closing = new AbortController();

  const runOnce = async (job: SandboxJob, signal: AbortSignal) => {
    const { environment = image } = job;
    if (environment === image) return pool.use(signal, (container) => container.run(job, signal));
    const container = await containers.start(environment, signal);
    try {
      return await container.run(job, signal);
    } finally {
      await container.discard();
    }
  };

  const prepare = async (): Promise<void> => {
    if (warmUp !== null) {
      await containers.warmUp(image, warmUp, closing.signal).catch((error: unknown) => {
        if (closing.signal.aborted) return;
        logger.warn({ error: engineError(error, "warming up") }, "the base tree was not warmed up");
      });
    }
    pool.begin();
  };
  const prepared = prepare();

  const runJob = (job: SandboxJob, _slot: number, signal: AbortSignal) =>
    throughOutages(engine, `running the job ${job.label}`, () => runOnce(job, signal), logger, signal);

  return createSession(parts.slots, runJob, async () => {
    closing.abort();
    await prepared;
    await pool.close();
    await containers.close();
  });
}
