import { startSimulator } from "../../src/simulator/http/simulator.ts";
import { deployments } from "./deployments.ts";
import { ModelOrder, warmUpIssue } from "./process-orders.ts";
import { scriptOf } from "./workload/answers.ts";
import { createDraws } from "./workload/draws.ts";

/** The model servers in a process of their own, over HTTP: `model-process.ts ORDER`. Tells its parent where they are, and when
 * asked how many tokens they have generated. */
const { timeScale, seed, lengths } = ModelOrder.parse(JSON.parse(process.argv[2] ?? "null"));
const simulator = await startSimulator({
  models: deployments["fp8-2+1"].models,
  script: scriptOf((issue) => createDraws(seed, issue, issue === warmUpIssue ? 0.1 : lengths), "as-drawn"),
  timeScale,
});
process.once("disconnect", () => process.exit(0));
process.on("message", () => {
  const counters = [...simulator.simulation.engines().values()].map((engine) => engine.counters());
  process.send?.({ tokens: counters.reduce((sum, { generatedTokens }) => sum + generatedTokens, 0) });
});
process.send?.({ url: simulator.url });
