import type { EngineCounters } from "../engine/engine.ts";
import type { JournalChoice } from "../journal.ts";
import type { Simulation } from "../simulation.ts";
import type { Dialect } from "./dialect.ts";

type Metric = readonly [name: string, type: "gauge" | "counter", read: (counters: EngineCounters) => number];

const vllmMetrics: readonly Metric[] = [
  ["vllm:num_requests_running", "gauge", ({ running }) => running],
  ["vllm:num_requests_waiting", "gauge", ({ waiting }) => waiting],
  ["vllm:kv_cache_usage_perc", "gauge", ({ kvUsage }) => kvUsage],
  ["vllm:prefix_cache_queries_total", "counter", ({ queriedTokens }) => queriedTokens],
  ["vllm:prefix_cache_hits_total", "counter", ({ cachedTokens }) => cachedTokens],
  ["vllm:num_preemptions_total", "counter", ({ preemptions }) => preemptions],
  ["vllm:prompt_tokens_total", "counter", ({ prefillTokens, cachedTokens }) => prefillTokens + cachedTokens],
  ["vllm:generation_tokens_total", "counter", ({ generatedTokens }) => generatedTokens],
  ["vllm:admission_rejections_total", "counter", ({ rejections }) => rejections],
];

const sglangMetrics: readonly Metric[] = [
  ["sglang:num_running_reqs", "gauge", ({ running }) => running],
  ["sglang:num_queue_reqs", "gauge", ({ waiting }) => waiting],
  ["sglang:token_usage", "gauge", ({ kvUsage }) => kvUsage],
  [
    "sglang:prompt_tokens_total",
    "counter",
    ({ prefillTokens, cachedTokens }) => prefillTokens + cachedTokens,
  ],
  ["sglang:generation_tokens_total", "counter", ({ generatedTokens }) => generatedTokens],
];

const llamaMetrics: readonly Metric[] = [
  ["llamacpp:requests_processing", "gauge", ({ running }) => running],
  ["llamacpp:requests_deferred", "gauge", ({ waiting }) => waiting],
  ["llamacpp:prompt_tokens_total", "counter", ({ prefillTokens }) => prefillTokens],
  ["llamacpp:prompt_tokens_cached_total", "counter", ({ cachedTokens }) => cachedTokens],
  ["llamacpp:tokens_predicted_total", "counter", ({ generatedTokens }) => generatedTokens],
];

const metricsOf = ({ name }: Dialect): readonly Metric[] =>
  name === "llamacpp" ? llamaMetrics : name === "sglang" ? sglangMetrics : vllmMetrics;

/** The state of all engines as Prometheus text, under the names of the dialect's server. */
export function metricsText(simulation: Simulation, dialect: Dialect): string {
  const engines = [...simulation.engines()];
  const labels = (model: string): string => (dialect.name === "llamacpp" ? "" : `{model_name="${model}"}`);
  const counters = metricsOf(dialect).flatMap(([name, type, read]) => [
    `# TYPE ${name} ${type}`,
    ...engines.map(([model, engine]) => `${name}${labels(model)} ${read(engine.counters())}`),
  ]);
  const ends = metricsOf(dialect) === vllmMetrics ? endsText(simulation) : [];
  return [...counters, ...ends, ""].join("\n");
}

/** What vLLM tells of answers that have ended: why, and how long they waited for what. */
function endsText(simulation: Simulation): readonly string[] {
  const of = (model: string): readonly JournalChoice[] =>
    simulation.journal.entries().flatMap((entry) => (entry.model === model ? entry.choices : []));
  const models = [...simulation.engines().keys()];
  const reasons = ["stop", "length", "abort"] as const;
  return [
    "# TYPE vllm:request_success_total counter",
    ...models.flatMap((model) =>
      reasons.map((reason) => {
        const count = of(model).filter((choice) => reasonOf(choice) === reason).length;
        return `vllm:request_success_total{model_name="${model}",finished_reason="${reason}"} ${count}`;
      }),
    ),
    ...waits.flatMap(([name, read]) => [
      `# TYPE vllm:${name} histogram`,
      ...models.flatMap((model) => histogram(`vllm:${name}`, model, of(model).flatMap(read))),
    ]),
  ];
}

const reasonOf = ({ reason, finish }: JournalChoice): "stop" | "length" | "abort" =>
  reason === "finished" ? finish : "abort";

const waits: readonly (readonly [string, (choice: JournalChoice) => readonly number[]])[] = [
  [
    "request_queue_time_seconds",
    ({ arrivedAt, startedAt }) => (startedAt === null ? [] : [(startedAt - arrivedAt) / 1_000]),
  ],
  [
    "time_to_first_token_seconds",
    ({ arrivedAt, firstTokenAt }) => (firstTokenAt === null ? [] : [(firstTokenAt - arrivedAt) / 1_000]),
  ],
];

const bounds = [0.01, 0.1, 1, 10, 60, 600];

function histogram(name: string, model: string, seconds: readonly number[]): readonly string[] {
  const label = `model_name="${model}"`;
  const below = (bound: number): number => seconds.filter((one) => one <= bound).length;
  const sum = seconds.reduce((all, one) => all + one, 0);
  return [
    ...bounds.map((bound) => `${name}_bucket{${label},le="${bound}"} ${below(bound)}`),
    `${name}_bucket{${label},le="+Inf"} ${seconds.length}`,
    `${name}_sum{${label}} ${sum}`,
    `${name}_count{${label}} ${seconds.length}`,
  ];
}
