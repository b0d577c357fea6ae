import { createOpenAiClient } from "../../../src/adapters/openai/client.ts";
import type { OpenAiClientOptions } from "../../../src/adapters/openai/client.ts";
import type { Endpoint } from "../../../src/adapters/openai/endpoint.ts";
import { createSystemClock } from "../../../src/adapters/system/clock.ts";
import type { InferenceClient } from "../../../src/ports/inference-client.ts";
import type { Logger } from "../../../src/ports/logger.ts";

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const impatient = {
  connectMs: 1_000,
  headersMs: 400,
  firstTokenMs: 400,
  betweenChunksMs: 400,
  totalMs: 10_000,
  awayMs: 300,
};

/** A client for a server of the test, impatient enough for tests of silence. */
export function localClient(
  baseUrl: string,
  apiKey: string | null = null,
  options: Partial<OpenAiClientOptions> = {},
): InferenceClient {
  const endpoint = (model: string): readonly Endpoint[] => [
    { baseUrl, apiKey, model, system: "You are a helpful assistant." },
  ];
  return createOpenAiClient({
    endpoints: {
      "loc-gen": endpoint("loc-gen"),
      "val-assert": endpoint("val-assert"),
      "val-no-assert": endpoint("val-no-assert"),
    },
    concurrency: 16,
    clock: createSystemClock(),
    logger: silent,
    ...options,
    timeouts: { ...impatient, ...options.timeouts },
    retries: { count: 2, baseMs: 1, capMs: 5, retryAfterCapMs: 200, ...options.retries },
  });
}
