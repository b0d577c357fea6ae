import { Agent } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { serverWork } from "../../../src/adapters/openai/server-work.ts";
import { serve } from "../../simulator/http/simulator-call.ts";
import { answer, startServer } from "./raw-server.ts";

const dispatcher = new Agent();
const workOf = (baseUrl: string) =>
  serverWork({ baseUrl: `${baseUrl}/v1`, apiKey: null, model: "m", system: null }, dispatcher, 5_000);

async function saying(metrics: string, status = 200) {
  const server = await startServer([], { metrics: answer(status, metrics) });
  onTestFinished(() => server.stop());
  return workOf(server.url);
}

test.each(["vllm", "sglang", "llamacpp"] as const)("an idle server says so (%s)", async (dialect) => {
  const { simulator } = await serve({ dialect });

  expect(await workOf(simulator.url)).toEqual({ kind: "idle" });
});

test.each([
  [
    'vllm:num_requests_waiting{model_name="m"} 3.0\nvllm:generation_tokens_total{model_name="m"} 812.0',
    "812.0",
  ],
  ["vllm:num_requests_running 1\nvllm:prompt_tokens_total 5\nvllm:generation_tokens_total 9", "5 9"],
  ["sglang:num_queue_reqs 1\nsglang:generation_tokens_total 9", null],
  ["llamacpp:requests_processing 2\nllamacpp:tokens_predicted_total 7", null],
])("a busy server shows how far it has come where it counts its steps: %j", async (metrics, progress) => {
  expect(await saying(`# HELP\n${metrics}\n`)).toEqual({ kind: "busy", progress });
});

test.each([
  ["has no such page", "", 404],
  ["wants another key", "", 401],
  ["shows other counters", "go_goroutines 7\n", 200],
])("a server that %s does not tell", async (_what, metrics, status) => {
  expect(await saying(metrics, status)).toEqual({ kind: "untold" });
});

test("a server that nobody can reach says nothing", async () => {
  expect(await workOf("http://127.0.0.1:59999")).toEqual({ kind: "silent" });
});
