import { processConfig } from "./config.ts";
import { asRepairError } from "./domain/errors.ts";
import type { Logger } from "./ports/logger.ts";
import { startServer, type RunningServer } from "./server.ts";
import { wireLogger, wireStallWatch } from "./wire/base.ts";

/** After the time for draining: aborts, last writes, the database. */
const stopWithin = 20_000;

let server: Promise<RunningServer> | null = null;
let stopping: Promise<void> | null = null;

/** Ends in order; as a container's first process nothing else would make a signal end it. */
async function stop(signal: string, drainMs: number, logger: Logger): Promise<void> {
  logger.info({ signal }, "stopping");
  setTimeout(() => process.exit(1), drainMs + stopWithin).unref();
  // a database that goes away just now must not cost what is handed over: pg-boss, for one, hears nothing any more
  process.on("uncaughtException", (error) => logger.error({ error }, "stopping goes on after an error"));
  await (await server)?.stop();
  process.exit(0);
}

try {
  const config = processConfig("server");
  const logger = wireLogger(config);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    // who tells all processes at once (systemd, a terminal) tells npm too, which tells it again
    process.on(signal, () => {
      stopping ??= stop(signal, config.runs.drainMs, logger).catch(() => process.exit(1));
    });
  }
  wireStallWatch();
  server = startServer(config, logger);
  const { url, sandbox } = await server;
  logger.info({ url, sandbox, process: config.runs.process }, "copatcher is ready");
} catch (error) {
  const { message, help } = asRepairError(error);
  process.stderr.write(`copatcher cannot start: ${message}\n${help}\n`);
  process.exitCode = 1;
}
