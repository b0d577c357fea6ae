import { join } from "node:path";
import { installationId } from "../adapters/files/installation-id.ts";
import { createRunReports } from "../adapters/files/run-reports.ts";
import { inspectServer, type ServerReport as DatabaseReport } from "../adapters/postgres/inspect-server.ts";
import { openStore, type Store } from "../adapters/postgres/store.ts";
import type { Config } from "../config.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunReportReader, RunReports } from "../ports/run-reports.ts";
import { clock } from "./base.ts";

/** Runs, queue and journal of the configured database, or of the data directory, which is this process's own. */
export const wireStore = (config: Config, logger: Logger): Promise<Store> =>
  openStore({
    directory: join(config.dataDirectory, "store"),
    databaseUrl: config.databaseUrl,
    worker: installationId(config.dataDirectory),
    leaseMs: config.runs.leaseMs,
    clock,
    logger,
  });

/** What DATABASE_URL leads to; null without one. Throws RepairError when no store can be opened there. */
export const wireDatabaseReport = async (config: Config, logger: Logger): Promise<DatabaseReport | null> =>
  config.databaseUrl === null ? null : inspectServer(config.databaseUrl, logger);

export const wireReports = (config: Config): RunReports & RunReportReader =>
  createRunReports(join(config.dataDirectory, "runs"));
