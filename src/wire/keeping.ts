import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createKeptLogs, createKeptReports } from "../adapters/files/kept-reports.ts";
import { createGitWorkspace } from "../adapters/git/git-workspace.ts";
import type { Store } from "../adapters/postgres/store.ts";
import type { Config } from "../config.ts";
import { fitted } from "../domain/calibration/fitted.ts";
import { canonicalJson, sha256 } from "../domain/canonical-json.ts";
import type { BotFacts } from "../domain/record/run-events.ts";
import type { KeptData, KeptFiles } from "../ports/kept-data.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunRecord } from "../ports/run-record.ts";
import type { Claim } from "../ports/run-store.ts";
import type { Workspace } from "../ports/workspace.ts";
import type { HousekeepingDependencies } from "../runs/housekeeping.ts";
import { createKeptData, keptMirrors } from "../runs/kept-data.ts";
import { createRecords } from "../runs/open-record.ts";
import type { FeedbackDependencies } from "../runs/record-feedback.ts";
import { repositoryCalibrations, type CalibrationOf } from "../runs/repository-calibration.ts";
import { clock, secretsOf } from "./base.ts";

/** The records of the runs that this process works on. */
export const wireRecords = (config: Config, store: Store, logger: Logger): ((claim: Claim) => RunRecord) =>
  createRecords({ store: store.records, secrets: secretsOf(config), clock, logger, bot: botFacts(config) });

/** What `recordFeedback` needs. */
export const wireFeedback = (config: Config, store: Store): FeedbackDependencies => ({
  records: store.records,
  secrets: secretsOf(config),
  clock,
});

/** The shipped calibration, corrected for each repository by what became of its pull requests. */
export const wireCalibrations = (store: Pick<Store, "records">): CalibrationOf =>
  repositoryCalibrations({ records: store.records, clock }, fitted);

type Mirrors = Pick<Workspace, "repositories" | "forget" | "prune">;

export const wireHousekeeping = (
  config: Config,
  store: Store,
  logger: Logger,
  mirrors?: Mirrors,
): HousekeepingDependencies => ({
  runs: store.runs,
  stored: store.data,
  files: wireKeptFiles(config, logger, mirrors),
  retention: config.retention,
  clock,
  logger,
});

/** Rows and the files of this host as one. */
export const wireKeptData = (config: Config, store: Store, logger: Logger, mirrors?: Mirrors): KeptData =>
  createKeptData(store.data, wireKeptFiles(config, logger, mirrors));

/** Files of this host that hold something of runs; `mirrors` is the workspace that this process works with, if any. */
const wireKeptFiles = (
  config: Config,
  logger: Logger,
  mirrors: Mirrors = wireMirrors(config, logger),
): readonly KeptFiles[] => [
  createKeptReports(join(config.dataDirectory, "runs"), clock),
  createKeptLogs(join(config.setup.directory, "environments"), clock),
  keptMirrors(mirrors, clock),
];

const wireMirrors = (config: Config, logger: Logger): Mirrors =>
  createGitWorkspace({
    directory: join(config.dataDirectory, "repositories"),
    maxRepositoryMb: config.maxRepositoryMb,
    logger,
    clock,
  });

/** The configuration without its secrets: hashes are guessed more easily than people think. */
function botFacts(config: Config): BotFacts {
  const { app, inference, setup, databaseUrl: _, ...rest } = config;
  const shown = {
    ...rest,
    app: app?.id ?? null,
    inference: inference === null ? null : { ...inference, key: null },
    setup: { ...setup, proxy: null },
  };
  return {
    version: programVersion(),
    configHash: sha256(canonicalJson(shown)),
    systemPrompt: inference?.systemPrompt ?? null,
  };
}

/** `package.json` lies beside `src` and beside `dist`. */
function programVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
