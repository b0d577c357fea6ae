import { expect, test } from "vitest";
import { RepairError } from "../../../src/domain/errors.ts";
import type { InferenceClient, SampleOutcome } from "../../../src/ports/inference-client.ts";
import { measuredInference } from "../../../src/server/metrics/measured-inference.ts";
import { measuredSandbox } from "../../../src/server/metrics/measured-sandbox.ts";
import { createMetrics, type Metrics } from "../../../src/server/metrics/metrics.ts";
import { createFakeSandbox, exited } from "../../fakes/fake-sandbox.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";

const { signal } = new AbortController();

const lines = async (metrics: Metrics, name: RegExp): Promise<readonly string[]> => {
  const { text } = await metrics.scrape({ counts: async () => [] });
  return text.split("\n").filter((line) => name.test(line) && !line.startsWith("#"));
};

const completed: SampleOutcome = {
  kind: "completed",
  completion: {
    text: "answer",
    reasoning: "",
    finish: "stop",
    model: "m",
    usage: { prompt: 100, completion: 20, estimated: false },
    milliseconds: 5,
  },
};

function clientOf(...outcomes: readonly (SampleOutcome | Error)[]): InferenceClient {
  const sampleMany: InferenceClient["sampleMany"] = (requests) =>
    requests.map(async ({ index }) => {
      const outcome = outcomes[index];
      if (outcome === undefined || outcome instanceof Error) throw outcome ?? new Error("no outcome");
      return outcome;
    });
  return {
    sample: async (request, aborted) => (await Promise.all(sampleMany([request], aborted)))[0] ?? completed,
    sampleMany,
    window: async () => null,
    model: () => "m",
    check: async () => [],
  };
}

test("calls and tokens are counted by role, also those of calls that were broken off", async () => {
  const metrics = createMetrics();
  const failed: SampleOutcome = { kind: "failed", failure: { reason: "overflow", detail: "42 tokens" } };
  const usage = { prompt: 100, completion: 3, estimated: true };
  const cancelled = new RepairError("cancelled", "by mona", { data: { usage } });
  const client = measuredInference(clientOf(completed, failed, cancelled), metrics);

  const requests = [0, 1, 2].map((index) => sampleRequest({ index, role: "val-assert" }));
  const settled = await Promise.allSettled(client.sampleMany(requests, signal));
  await client.sample(sampleRequest(), signal);

  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
  expect(await lines(metrics, /model_calls/)).toEqual([
    'copatcher_model_calls_total{role="val-assert",outcome="completed"} 1',
    'copatcher_model_calls_total{role="val-assert",outcome="overflow"} 1',
    'copatcher_model_calls_total{role="val-assert",outcome="cancelled"} 1',
    'copatcher_model_calls_total{role="loc-gen",outcome="completed"} 1',
  ]);
  expect(await lines(metrics, /model_tokens/)).toEqual([
    'copatcher_model_tokens_total{role="val-assert",direction="in"} 200',
    'copatcher_model_tokens_total{role="val-assert",direction="out"} 23',
    'copatcher_model_tokens_total{role="loc-gen",direction="in"} 100',
    'copatcher_model_tokens_total{role="loc-gen",direction="out"} 20',
  ]);
});

test("calls to the models of one repository are counted as well", async () => {
  const metrics = createMetrics();
  const models = clientOf(completed);
  const client = measuredInference({ ...models, forRepository: () => models }, metrics);

  await client.forRepository?.("octo/parcels").sample(sampleRequest(), signal);

  expect(await lines(metrics, /model_calls/)).toEqual([
    'copatcher_model_calls_total{role="loc-gen",outcome="completed"} 1',
  ]);
});

test("jobs are counted with the seconds of their commands, and broken ones by their error", async () => {
  const metrics = createMetrics();
  const slow = { ...exited(1), durationMs: 1_500 };
  const sandbox = measuredSandbox(
    createFakeSandbox(() => slow),
    metrics,
  );
  const session = await sandbox.open(
    {
      label: "run",
      environment: null,
      tree: { file: "/nowhere", sha: "a".repeat(40), bytes: 0, files: 0 },
      warmUp: null,
      limits: { memoryMb: 64, processes: 8, outputBytes: 100, treeMb: 1 },
    },
    signal,
  );
  const command = { script: "true", timeoutMs: 1_000, report: null };
  const job = { label: "job", files: [], commands: [command, command] };
  await session.run(job, signal);
  await expect(session.run(job, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
  await session.close();

  expect(await lines(metrics, /sandbox/)).toEqual([
    'copatcher_sandbox_jobs_total{outcome="done"} 1',
    'copatcher_sandbox_jobs_total{outcome="cancelled"} 1',
    "copatcher_sandbox_seconds_total 3",
  ]);
});
