import type { RepoRef } from "./domain/issue.ts";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServerConfig } from "./config.ts";
import { handleDelivery } from "./github-app/handle-delivery.ts";
import type { InferenceClient } from "./ports/inference-client.ts";
import type { Logger } from "./ports/logger.ts";
import { executeRun } from "./runs/execute-run.ts";
import { startHousekeeping } from "./runs/housekeeping.ts";
import { type FeedbackAsk, recordFeedback } from "./runs/record-feedback.ts";
import { paintingRuns } from "./runs/painting-runs.ts";
import type { RepairTools } from "./runs/repair-issue.ts";
import { createLabelPainter } from "./runs/status-labels.ts";
import { measuredInference } from "./server/metrics/measured-inference.ts";
import { measuredRuns } from "./server/metrics/measured-runs.ts";
import { measuredSandbox } from "./server/metrics/measured-sandbox.ts";
import { createMetrics, type Metrics } from "./server/metrics/metrics.ts";
import { closeHttp, openHttp } from "./server/open-http.ts";
import { createRunPageEndpoint } from "./server/run-page-endpoint.ts";
import { openSweep } from "./server/open-sweep.ts";
import { clock } from "./wire/base.ts";
import { wireGitHub } from "./wire/github.ts";
import { wireInference } from "./wire/inference.ts";
import { wireReports, wireStore } from "./wire/store.ts";
import { wireTools } from "./wire/tools.ts";
import {
  wireCalibrations,
  wireFeedback,
  wireHousekeeping,
  wireKeptData,
  wireRecords,
} from "./wire/keeping.ts";
import { startWorker } from "./worker/worker.ts";

export type RunningServer = {
  /** Answers after the bot's health, and takes webhooks unless the process only works runs. */
  readonly url: string;
  /** Null for a process that works none. */
  readonly sandbox: string | null;
  stop(): Promise<void>;
};

type Parts = {
  /** Null where no run is worked. */
  readonly tools: RepairTools | null;
  readonly github: ReturnType<typeof wireGitHub>;
  readonly store: Awaited<ReturnType<typeof wireStore>>;
};

const modelCheckMs = 20_000;

/**
 * Webhooks in, runs worked, health answered: the whole bot in one process, or its part of it (COPATCHER_PROCESS). Throws
 * RepairError when it cannot start.
 */
export async function startServer(config: ServerConfig, logger: Logger): Promise<RunningServer> {
  const role = config.runs.process;
  const metrics = createMetrics();
  const tools = role === "web" ? null : await openTools(config, logger, metrics);
  const stored = await wireStore(config, logger);
  const limited = () => metrics.rateLimited.inc();
  const github = wireGitHub(config, logger, { limited, store: stored });
  const painter = createLabelPainter({ runs: stored.runs, forges: github.forges, logger });
  const painting = paintingRuns(stored.runs, stored.records, painter.paint);
  const store = { ...stored, runs: measuredRuns(painting, metrics) };
  try {
    // only now that the store is locked, nobody else is at work under this installation's name
    const reaped = await tools?.sandbox.reap();
    const recovered = await store.runs.recover();
    logger.info({ reaped, recovered }, "leftovers of earlier processes are cleared");
    const secret = role === "worker" ? null : config.app.webhookSecret;
    const { webUrl } = config.github;
    const runPage =
      secret === null
        ? null
        : createRunPageEndpoint({ secret, runs: store.runs, reports: wireReports(config), webUrl, clock });
    const http = await openHttp({ secret, runs: store.runs, runPage, metrics, logger }, config.server);
    const worker = await openWorker(config, logger, { tools, github, store }).catch(
      async (error: unknown) => {
        await closeHttp(http);
        throw error;
      },
    );
    const house = startHousekeeping(wireHousekeeping(config, store, logger, tools?.workspace));
    const { app, forges } = github;
    const { apiUrl } = config.github;
    const sweep = openSweep({ app, forges, runs: store.runs, painter, clock, logger, apiUrl });
    if (tools !== null) void warnOfModels(tools.inference, logger);
    return {
      url: urlOf(http),
      sandbox: tools?.sandbox.description ?? null,
      async stop() {
        await closeHttp(http);
        await sweep.stop();
        await worker.stop();
        await painter.stop();
        await house.stop();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openTools(config: ServerConfig, logger: Logger, metrics: Metrics): Promise<RepairTools> {
  const inference = measuredInference(wireInference(config.inference, logger), metrics);
  const tools = await wireTools(config, inference, logger);
  return { ...tools, sandbox: measuredSandbox(tools.sandbox, metrics) };
}

/** The models may be started later than the bot, so an endpoint that does not answer is no reason not to start. */
async function warnOfModels(inference: InferenceClient, logger: Logger): Promise<void> {
  try {
    const checks = await inference.check(AbortSignal.timeout(modelCheckMs));
    for (const check of checks.filter(({ ok }) => !ok)) {
      logger.warn({ ...check }, "a model does not answer; runs will fail until it does");
    }
  } catch (error) {
    logger.warn({ error }, "the models could not be asked whether they are there");
  }
}

function openWorker(config: ServerConfig, logger: Logger, { tools, github, store }: Parts) {
  const { forges } = github;
  const { runs, queue, journal } = store;
  const { atOnce, limits, newer, leaseMs, drainMs, minutes: runMinutes } = config.runs;
  const execute =
    tools === null
      ? null
      : {
          runs,
          journal,
          record: wireRecords(config, store, logger),
          records: store.records,
          forges,
          reports: wireReports(config),
          tools,
          clock,
          calibrationOf: wireCalibrations(store),
          runMinutes,
          limits,
        };
  const told = {
    data: wireKeptData(config, store, logger, tools?.workspace),
    runOfPullRequest: async (repo: RepoRef, number: number) => {
      const id = await store.records.runOfPullRequest(repo, number);
      return id === null ? null : runs.run(id);
    },
    onboarding: config.onboarding ? { publicUrl: config.server.publicUrl } : null,
    recordFeedback: (ask: FeedbackAsk) => recordFeedback(wireFeedback(config, store), ask),
  };
  return startWorker({
    runs,
    queue,
    clock,
    logger,
    owner: `${store.worker}/pid-${process.pid}`,
    concurrency: execute === null ? 0 : atOnce,
    limits,
    leaseMs,
    drainMs,
    handleDelivery: (id) => handleDelivery({ ...told, runs, forges, logger, policy: { limits, newer } }, id),
    executeRun: async (claim, control) => {
      if (execute !== null) await executeRun(execute, claim, control);
    },
  });
}

function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
}
