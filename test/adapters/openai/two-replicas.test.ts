import { afterEach, expect, test } from "vitest";
import { createOpenAiClient } from "../../../src/adapters/openai/client.ts";
import type { Endpoint } from "../../../src/adapters/openai/endpoint.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { InferenceClient } from "../../../src/ports/inference-client.ts";
import { h100Bf16 } from "../../../src/simulator/engine/parameters.ts";
import { startSimulator, type Simulator } from "../../../src/simulator/http/simulator.ts";
import { scriptOfRules } from "../../../src/simulator/script/rules.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";

const started: Simulator[] = [];
afterEach(() => Promise.all(started.splice(0).map((simulator) => simulator.stop())));

/** Answers of some seconds, a tenth of which pass. */
async function startReplica(port = 0): Promise<Simulator> {
  const simulator = await startSimulator({
    models: { "loc-gen": { engine: h100Bf16 } },
    script: scriptOfRules([
      {
        match: {},
        choices: [{ text: "fine", tokens: { mean: 400, sigma: 0.5, cap: 1_000 } }],
      },
    ]),
    timeScale: 0.05,
    port,
  });
  started.push(simulator);
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

function clientOf(...servers: readonly Simulator[]) {
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
async function candidates(client: InferenceClient, count: number): Promise<Readonly<Record<string, number>>> {
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

test("a run goes on when one of two replicas dies, and uses it again when it is back", async () => {
  const [dying, other] = [await startReplica(), await startReplica()];
  const { client, said } = clientOf(dying, other);
  const run = candidates(client, 60);
  await expect.poll(() => running(dying), { timeout: 10_000 }).toBeGreaterThan(12);

  await dying.stop();

  expect(await run).toEqual({ fine: 60 });
  expect(said(/left alone/)).toEqual([`${dying.url}/v1`]);

  const calls = other.requests().length;
  expect(await candidates(client, 24)).toEqual({ fine: 24 });
  expect(other.requests().length).toBeGreaterThan(calls);

  const back = await startReplica(Number(new URL(dying.url).port));
  await expect
    .poll(async () => candidates(client, 1).then(() => back.requests().length), { timeout: 20_000 })
    .toBeGreaterThan(0);
  expect(await candidates(client, 48)).toEqual({ fine: 48 });
  expect(said(/answers again/)).toEqual([`${dying.url}/v1`]);
  expect(back.requests().length).toBeGreaterThan(1);
}, 60_000);

const running = (simulator: Simulator): number =>
  simulator.simulation.engine("loc-gen")?.counters().running ?? 0;
