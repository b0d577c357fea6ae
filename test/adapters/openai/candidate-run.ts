import { onTestFinished } from "vitest";
import { createOpenAiClient } from "../../../src/adapters/openai/client.ts";
import type { Endpoint } from "../../../src/adapters/openai/endpoint.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { InferenceClient } from "../../../src/ports/inference-client.ts";
import { h100Bf16 } from "../../../src/simulator/engine/parameters.ts";
import { startSimulator, type Simulator } from "../../../src/simulator/http/simulator.ts";
import type { PlannedFault } from "../../../src/simulator/script/faults.ts";
import { scriptOfRules } from "../../../src/simulator/script/rules.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";

/** A server whose answers take some seconds, a twentieth of which passes. `faults` are those of candidates, not of probes. */
export async function startSlowServer(port = 0, faults: readonly PlannedFault[] = []): Promise<Simulator> {
  const tokens = { mean: 400, sigma: 0.5, cap: 1_000 };
  const simulator = await startSimulator({
    models: { "loc-gen": { engine: h100Bf16 } },
    script: scriptOfRules([
      { match: { stage: "generate" }, choices: [{ text: "fine", tokens }], faults },
      { match: {}, choices: [{ text: "fine", tokens }] },
    ]),
    timeScale: 0.05,
    port,
  });
  onTestFinished(() => simulator.stop());
  return simulator;
}

/** Twenty times as fast as the machine's, so that the breaker's seconds are short. */
const quickClock: Clock = {
  now: () => performance.now() * 20,
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, milliseconds / 20);
      const abort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason as Error);
      };
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort, { once: true });
    }),
};

export function clientOf(...servers: readonly Simulator[]) {
  const logger = createSilentLogger();
  const endpoints = servers.map(({ url }): Endpoint => ({
    baseUrl: url,
    apiKey: null,
    model: "loc-gen",
    system: null,
  }));
  const client = createOpenAiClient({
    endpoints: { "loc-gen": endpoints, "val-assert": endpoints, "val-no-assert": endpoints },
    concurrency: 24,
    clock: quickClock,
    logger,
    retries: { baseMs: 200, capMs: 1_000 },
  });
  const said = (text: RegExp): readonly unknown[] =>
    logger.lines.filter((line) => text.test(line.text)).map(({ data }) => data["server"]);
  return { client, said };
}

const signal = new AbortController().signal;

/** How many of `count` candidates came to which end. */
export async function candidates(
  client: InferenceClient,
  count: number,
): Promise<Readonly<Record<string, number>>> {
  const requests = Array.from({ length: count }, (_, index) =>
    sampleRequest({ stage: "generate", index, seed: 100 + index, maxTokens: 2_048, priority: 2 }),
  );
  const ends: Record<string, number> = {};
  for (const outcome of await Promise.all(client.sampleMany(requests, signal))) {
    const end = outcome.kind === "completed" ? outcome.completion.text : outcome.failure.reason;
    ends[end] = (ends[end] ?? 0) + 1;
  }
  return ends;
}
