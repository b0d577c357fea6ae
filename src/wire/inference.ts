import type { Adapters } from "../adapters/openai/adapters.ts";
import { createOpenAiClient } from "../adapters/openai/client.ts";
import type { Endpoint } from "../adapters/openai/endpoint.ts";
import { probeServers, type ServerReport } from "../adapters/openai/probe-servers.ts";
import type { InferenceConfig } from "../config/inference-variables.ts";
import type { Role } from "../domain/transcript.ts";
import type { InferenceClient } from "../ports/inference-client.ts";
import type { Logger } from "../ports/logger.ts";
import { clock } from "./base.ts";

/** The servers of each role. */
function endpointsOf(config: InferenceConfig): Readonly<Record<Role, readonly Endpoint[]>> {
  const ofRole = (role: Role): readonly Endpoint[] => {
    const { urls, model, key, think } = config.roles[role];
    const told = think === null ? {} : { think };
    return urls.map((baseUrl) => ({ baseUrl, model, apiKey: key, system: config.systemPrompt, ...told }));
  };
  return {
    "loc-gen": ofRole("loc-gen"),
    "val-assert": ofRole("val-assert"),
    "val-no-assert": ofRole("val-no-assert"),
  };
}

const adaptersOf = ({ roles }: InferenceConfig): Adapters => ({
  "loc-gen": roles["loc-gen"].adapters,
  "val-assert": roles["val-assert"].adapters,
  "val-no-assert": roles["val-no-assert"].adapters,
});

export const wireInference = (config: InferenceConfig, logger: Logger): InferenceClient =>
  createOpenAiClient({
    endpoints: endpointsOf(config),
    concurrency: config.concurrency,
    affinityHeader: config.affinityHeader,
    adapters: adaptersOf(config),
    clock,
    logger,
  });

/** What the configured servers are like, asked with small calls. */
export const wireServerReports = (
  config: InferenceConfig,
  signal: AbortSignal,
): Promise<readonly ServerReport[]> => probeServers(endpointsOf(config), clock, signal, adaptersOf(config));
