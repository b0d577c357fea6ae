import { RepairError } from "../../domain/errors.ts";

/** Where one role's model is served. */
export type Endpoint = {
  /** With or without the final `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly model: string;
  /** System message put before every conversation that has none of its own. */
  readonly system: string | null;
  /**
   * Whether the chat template is told to let the model think (`chat_template_kwargs.enable_thinking`, which templates of
   * Qwen3's kind know); left out: nothing is said.
   */
  readonly think?: boolean;
};

/**
 * All in milliseconds. Watchdogs restart with every attempt, except `totalMs`, which covers a sample with its retries
 * from its first attempt on. A single request has `requestMs` besides.
 */
export type Timeouts = {
  readonly connectMs: number;
  /** Some servers send headers only when a queued request gets its turn. */
  readonly headersMs: number;
  /** Mostly time in the server's queue; a server that is found to hang is left sooner (see `Pulse`). */
  readonly firstTokenMs: number;
  /** No silence that is shorter is looked into. */
  readonly leastSilenceMs: number;
  /** How long a silent server may take to say what it does. */
  readonly lookMs: number;
  readonly betweenChunksMs: number;
  readonly totalMs: number;
  /** How long calls wait while no server of their role is there. */
  readonly awayMs: number;
};

export const defaultTimeouts: Timeouts = {
  connectMs: 5_000,
  headersMs: 900_000,
  firstTokenMs: 900_000,
  leastSilenceMs: 60_000,
  lookMs: 30_000,
  betweenChunksMs: 90_000,
  totalMs: 1_500_000,
  awayMs: 30_000,
};

/** A token's time on a server that is full; a slower one has what it does not need of the queue's time. */
const tokenMs = 60;

/** Milliseconds that one request may take, its time in the server's queue included. */
export const requestMs = (maxTokens: number, { firstTokenMs }: Timeouts): number =>
  firstTokenMs + maxTokens * tokenMs;

/** The endpoint with its URL in the form the SDK wants; throws RepairError `config-invalid`. */
export function normalizeEndpoint(endpoint: Endpoint): Endpoint {
  const url = URL.canParse(endpoint.baseUrl) ? new URL(endpoint.baseUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new RepairError("config-invalid", `the inference URL is not an http(s) URL: ${endpoint.baseUrl}`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new RepairError(
      "config-invalid",
      `the inference URL of ${url.host} holds credentials; give the key separately`,
    );
  }
  const path = url.pathname.replace(/\/+$/, "");
  return { ...endpoint, baseUrl: `${url.origin}${path === "" ? "/v1" : path}` };
}

/** "http://host/v1 (model m)", for messages. */
export const describeEndpoint = (endpoint: Endpoint): string =>
  `${endpoint.baseUrl} (model ${endpoint.model})`;

const shortestSecret = 6;

/** A server's text made fit for messages and logs: one short line without control characters and without the key. */
export function quoteServer(text: string, endpoint: Endpoint): string {
  const { apiKey } = endpoint;
  const redacted = apiKey !== null && apiKey.length >= shortestSecret ? text.replaceAll(apiKey, "***") : text;
  const line = redacted
    .slice(0, 2_000)
    .replace(/[\p{C}\s]+/gu, " ")
    .trim();
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}
