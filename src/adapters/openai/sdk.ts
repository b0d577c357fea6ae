import { OpenAI } from "openai";
import type { BoundedFetch } from "./bounded-fetch.ts";
import type { Endpoint } from "./endpoint.ts";

const longestTimer = 2 ** 31 - 1;

/** The SDK with its own retries, timeouts, logging and environment variables out of the way. */
export const sdkFor = (endpoint: Endpoint, wire: BoundedFetch): OpenAI =>
  new OpenAI({
    baseURL: endpoint.baseUrl,
    apiKey: endpoint.apiKey ?? "none",
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: longestTimer,
    logLevel: "off",
    fetch: wire.fetch,
  });
