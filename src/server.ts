import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createNodeMiddleware } from "probot";
import type { ServerConfig } from "./config.ts";
import { RepairError } from "./domain/errors.ts";
import { createApp } from "./github-app/app.ts";
import { handleDelivery } from "./github-app/handle-delivery.ts";
import type { InferenceClient } from "./ports/inference-client.ts";
import type { Logger } from "./ports/logger.ts";
import { executeRun } from "./runs/execute-run.ts";
import type { RepairTools } from "./runs/repair-issue.ts";
import { clock, wireGitHub, wireInference, wireReports, wireStore, wireTools } from "./wire.ts";
import { startWorker } from "./worker/worker.ts";

export type RunningServer = { readonly url: string; readonly sandbox: string; stop(): Promise<void> };

type Parts = {
  readonly tools: RepairTools;
  readonly github: ReturnType<typeof wireGitHub>;
  readonly store: Awaited<ReturnType<typeof wireStore>>;
};

const modelCheckMs = 20_000;

/** Webhooks in, runs worked, health answered: the whole bot in one process. Throws RepairError when it cannot start. */
export async function startServer(config: ServerConfig, logger: Logger): Promise<RunningServer> {
  const tools = await wireTools(config, wireInference(config.inference, logger), logger);
  const github = wireGitHub(config, logger);
  const store = await wireStore(config, logger);
  try {
    // only now that the store is locked, nobody else is at work under this installation's name
    const reaped = await tools.sandbox.reap();
    const recovered = await store.runs.recover();
    logger.info({ reaped, recovered }, "leftovers of earlier processes are cleared");
    const http = await openHttp(config, logger, { tools, github, store });
    const worker = await openWorker(config, logger, { tools, github, store });
    void warnOfModels(tools.inference, logger);
    return {
      url: urlOf(http),
      sandbox: tools.sandbox.description,
      async stop() {
        await new Promise((resolve) => http.close(resolve).closeAllConnections());
        await worker.stop();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
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
  const execute = { runs, journal, forges, reports: wireReports(config), tools, clock };
  return startWorker({
    runs,
    queue,
    clock,
    logger,
    owner: `pid-${process.pid}`,
    concurrency: 2,
    handleDelivery: (id) => handleDelivery({ runs, forges, logger }, id),
    executeRun: (claim, signal) => executeRun(execute, claim, signal),
  });
}

async function openHttp(config: ServerConfig, logger: Logger, { github, store }: Parts): Promise<Server> {
  const webhooks = await createNodeMiddleware(createApp({ runs: store.runs, logger }), {
    probot: github.probot,
    webhooksPath: "/api/github/webhooks",
  });
  const http = createServer((request, response) => {
    if (request.url === "/healthz") {
      response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}\n');
      return;
    }
    const answered = Promise.resolve(webhooks(request, response, () => response.writeHead(404).end()));
    answered.catch((error: unknown) => {
      logger.error({ error }, "a request was not answered");
      response.destroy();
    });
  });
  await listen(http, config.server.host, config.server.port);
  return http;
}

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new RepairError("config-invalid", `HOST, PORT: cannot listen on ${host}:${port}: ${error.message}`),
      ),
    );
    server.listen(port, host, () => resolve());
  });

function urlOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
}
