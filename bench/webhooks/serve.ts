import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createNodeMiddleware, Probot } from "probot";
import { openStore } from "../../src/adapters/postgres/store.ts";
import { createSystemClock } from "../../src/adapters/system/clock.ts";
import { createLogger } from "../../src/adapters/system/logger.ts";
import { openHttp, webhookPath } from "../../src/server/open-http.ts";
import { createMetrics } from "../../src/server/metrics/metrics.ts";
import { hookSecret, type Served } from "./served.ts";

/**
 * A server to be measured, in a process of its own: `serve.ts '{"kind":...}'`. Prints its port when it is ready; a
 * parent that says something has it open its store, look for the named deliveries and print those that are missing.
 */
const served = JSON.parse(process.argv[2] ?? "") as Served;

async function bareProbot(): Promise<Server> {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const probot = new Probot({ appId: 1, privateKey, secret: hookSecret, logLevel: "fatal" });
  const middleware = await createNodeMiddleware(() => {}, { probot, webhooksPath: webhookPath });
  const server = createServer((request, response) => void middleware(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function ours(place: Exclude<Served, { readonly kind: "probot" }>): Promise<Server> {
  const logger = createLogger({ level: "info", secrets: [] });
  const clock = createSystemClock();
  const { directory, databaseUrl } = place;
  const store = await openStore({ directory, databaseUrl, worker: "bench", clock, logger });
  process.on("message", (ids: readonly string[]) => {
    void store.runs.unknownDeliveries(ids).then((missing) => process.send?.({ missing }));
  });
  process.once("SIGTERM", () => void store.close().then(() => process.exit(0)));
  return openHttp(
    { secret: hookSecret, runs: store.runs, runPage: null, metrics: createMetrics(), logger },
    { host: "127.0.0.1", port: place.port },
  );
}

process.once("disconnect", () => process.exit(1));
const server = served.kind === "probot" ? await bareProbot() : await ours(served);
process.send?.({ port: (server.address() as AddressInfo).port });
