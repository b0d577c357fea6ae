import { createHmac } from "node:crypto";
import type { Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import type { RepairRun } from "../../src/domain/run.ts";
import type { Delivery, LiveCount } from "../../src/ports/run-store.ts";
import { closeHttp, openHttp, webhookPath } from "../../src/server/open-http.ts";
import { createMetrics } from "../../src/server/metrics/metrics.ts";
import type { RunPageEndpoint } from "../../src/server/run-page-endpoint.ts";
import type { WebhookLimits } from "../../src/server/webhook-endpoint.ts";
import { createSilentLogger, type SilentLogger } from "../fakes/silent-logger.ts";

export const secret = "a secret for tests";

export const sign = (body: string | Uint8Array, algorithm = "sha256", key = secret): string =>
  `${algorithm}=${createHmac(algorithm, key).update(body).digest("hex")}`;

/** The HTTP server with a store whose behaviour each test may replace. */
export type HttpWorld = {
  readonly url: string;
  readonly port: number;
  readonly logger: SilentLogger;
  /** What was stored, in order. */
  readonly stored: Delivery[];
  store: {
    receive(delivery: Delivery): Promise<"stored" | "duplicate">;
    recent(limit: number): Promise<readonly RepairRun[]>;
    counts(): Promise<readonly LiveCount[]>;
  };
  /** Sends a signed delivery; `headers` replace the usual ones, undefined takes one away. */
  post(
    body: string | Uint8Array<ArrayBuffer>,
    headers?: Readonly<Record<string, string | undefined>>,
  ): Promise<{ status: number; body: unknown }>;
  /** Everything the server says to these bytes until it hangs up; `drop` are sent one each 50 milliseconds. */
  raw(head: string, drop?: string): Promise<string>;
  close(): Promise<void>;
};

export async function openHttpWorld(
  limits?: Partial<WebhookLimits>,
  runPage: RunPageEndpoint | null = null,
): Promise<HttpWorld> {
  const logger = createSilentLogger();
  const stored: Delivery[] = [];
  const remember: HttpWorld["store"] = {
    receive(delivery) {
      if (stored.some(({ id }) => id === delivery.id)) return Promise.resolve("duplicate");
      stored.push(delivery);
      return Promise.resolve("stored");
    },
    recent: () => Promise.resolve([]),
    counts: () => Promise.resolve([]),
  };
  const state = { store: remember };
  const runs = {
    receive: (delivery: Delivery) => state.store.receive(delivery),
    recent: (limit: number) => state.store.recent(limit),
    counts: () => state.store.counts(),
  };
  const server: Server = await openHttp(
    { secret, runs, runPage, metrics: createMetrics(), logger },
    {
      host: "127.0.0.1",
      port: 0,
      limits: { answerMs: 8_000, bodyBytes: 26_214_400, bytesAtOnce: 200_000_000, ...limits },
    },
  );
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    ...state,
    get store() {
      return state.store;
    },
    set store(store) {
      state.store = store;
    },
    url,
    port,
    logger,
    stored,
    async post(body, headers = {}) {
      const all = {
        "content-type": "application/json",
        "x-github-event": "issues",
        "x-github-delivery": "d1",
        "x-hub-signature-256": sign(body),
        ...headers,
      };
      const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
      const response = await fetch(`${url}${webhookPath}`, { method: "POST", headers: given, body });
      const text = await response.text();
      return { status: response.status, body: text === "" ? null : (JSON.parse(text) as unknown) };
    },
    raw: (head, drop = "") =>
      new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1");
        let said = "";
        const rest = drop.split("");
        const dropping = setInterval(() => {
          const next = rest.shift();
          if (next !== undefined) socket.write(next);
        }, 50);
        socket.on("data", (chunk) => (said += chunk.toString()));
        socket.on("error", () => {});
        socket.on("close", () => {
          clearInterval(dropping);
          resolve(said);
        });
        socket.write(head);
      }),
    close: () => closeHttp(server, 50),
  };
}
