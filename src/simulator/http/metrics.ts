import type { EngineCounters } from "../engine/engine.ts";
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

const llamaMetrics: readonly Metric[] = [
  ["llamacpp:requests_processing", "gauge", ({ running }) => running],
  ["llamacpp:requests_deferred", "gauge", ({ waiting }) => waiting],
  ["llamacpp:prompt_tokens_total", "counter", ({ prefillTokens }) => prefillTokens],
  ["llamacpp:prompt_tokens_cached_total", "counter", ({ cachedTokens }) => cachedTokens],
  ["llamacpp:tokens_predicted_total", "counter", ({ generatedTokens }) => generatedTokens],
];

/** The state of all engines as Prometheus text, under the names of the dialect's server. */
export function metricsText(simulation: Simulation, dialect: Dialect): string {
  const isLlama = dialect.name === "llamacpp";
  const engines = [...simulation.engines()];
  return (isLlama ? llamaMetrics : vllmMetrics)
    .flatMap(([name, type, read]) => [
      `# TYPE ${name} ${type}`,
      ...engines.map(([model, engine]) => {
        const label = isLlama ? "" : `{model_name="${model}"}`;
        return `${name}${label} ${read(engine.counters())}`;
      }),
    ])
    .join("\n")
    .concat("\n");
}
