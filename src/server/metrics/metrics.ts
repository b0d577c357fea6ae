import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { RunReader } from "../../ports/run-store.ts";

export type Page = { readonly contentType: string; readonly text: string };

/**
 * What one server counts. No label may hold what people, repositories or models write: each has a handful of values.
 */
export type Metrics = {
  readonly webhookAnswers: Counter<"status">;
  readonly deliveries: Counter<"outcome">;
  readonly runsEnded: Counter<"kind" | "state" | "reason">;
  readonly waitSeconds: Histogram<"kind">;
  readonly runSeconds: Histogram<"kind" | "state">;
  readonly stageSeconds: Histogram<"kind" | "stage">;
  readonly modelCalls: Counter<"role" | "outcome">;
  readonly modelTokens: Counter<"role" | "direction">;
  readonly sandboxJobs: Counter<"outcome">;
  readonly sandboxSeconds: Counter;
  readonly rateLimited: Counter;
  /** In Prometheus' text format; who asks while another does gets the same answer. A store that fails is a value, too. */
  scrape(runs: Pick<RunReader, "counts">): Promise<Page>;
};

/** Upper ends of what is told apart, in seconds: from one to six hours. */
const spans = [1, 5, 15, 30, 60, 120, 300, 600, 1_200, 2_400, 3_600, 7_200, 21_600];

/** How long the store may take to count (milliseconds). */
const patience = 2_000;

/** Counters of their own for each server, so that several fit into one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string>(
    name: string,
    help: string,
    ...labelNames: Label[]
  ): Counter<Label> => new Counter({ name: `copatcher_${name}`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name: `copatcher_${name}`, help, labelNames, registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    ...labelNames: Label[]
  ): Histogram<Label> =>
    new Histogram({ name: `copatcher_${name}`, help, labelNames, registers, buckets: spans });

  const storeUp = gauge("store_up", "1 when the store answered the question behind this page");
  const liveRuns = gauge(
    "live_runs",
    "Runs that are queued or at work now, in all processes",
    "kind",
    "state",
  );
  let asked: Promise<Page> | null = null;

  async function scrape(runs: Pick<RunReader, "counts">): Promise<Page> {
    const counts = await within(patience, runs.counts());
    liveRuns.reset();
    storeUp.set(counts === null ? 0 : 1);
    for (const { kind, at, runs: live } of counts ?? []) liveRuns.set({ kind, state: at }, live);
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  return {
    webhookAnswers: counter("webhook_answers_total", "Answers to webhooks by HTTP status", "status"),
    deliveries: counter(
      "deliveries_total",
      "Deliveries that concern the bot, by what became of them",
      "outcome",
    ),
    runsEnded: counter("runs_ended_total", "Runs that ended, and why", "kind", "state", "reason"),
    waitSeconds: histogram(
      "run_wait_seconds",
      "From the request of a run to its first begin, of runs that ended",
      "kind",
    ),
    runSeconds: histogram("run_seconds", "At work on a run that ended, without waiting", "kind", "state"),
    stageSeconds: histogram("run_stage_seconds", "In one stage of a run that ended", "kind", "stage"),
    modelCalls: counter("model_calls_total", "Samples asked of the models", "role", "outcome"),
    modelTokens: counter(
      "model_tokens_total",
      "Tokens of prompts (in) and answers (out)",
      "role",
      "direction",
    ),
    sandboxJobs: counter("sandbox_jobs_total", "Jobs given to the sandbox", "outcome"),
    sandboxSeconds: counter("sandbox_seconds_total", "Seconds for which commands ran in the sandbox"),
    rateLimited: counter("github_rate_limited_total", "Requests that GitHub refused for its rate limits"),
    scrape: (runs) => {
      asked ??= scrape(runs).finally(() => {
        asked = null;
      });
      return asked;
    },
  };
}

/** Null when the question fails or is not answered in time. */
async function within<T>(milliseconds: number, question: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  try {
    return await Promise.race([question.catch(() => null), silence]);
  } finally {
    clearTimeout(timer);
  }
}
