import { expect, test } from "vitest";
import { h100Bf16 } from "../../../src/simulator/engine/parameters.ts";
import { startSimulator } from "../../../src/simulator/http/simulator.ts";
import { scriptOfRules } from "../../../src/simulator/script/rules.ts";
import { startLlamaServer } from "../../simulator/llama/start-llama-server.ts";
import { llamaClientSuite } from "./llama-client-suite.ts";

const reasoning = "<think>\nThe report names one file.\n</think>\n\n";
const rules = [
  { match: { prompt: "~$" }, choices: [{ text: " tick tock".repeat(2_000) }] },
  { match: {}, choices: [{ text: `${reasoning}Yes, fixed. ` }, { text: `${reasoning}No, broken! ` }] },
];

llamaClientSuite("the simulator's dialect llamacpp", () =>
  startSimulator({
    dialect: "llamacpp",
    models: {
      "scripted.gguf": { engine: { ...h100Bf16, window: 1_024, kvTokens: 4_096, maxSequences: 4 } },
    },
    script: scriptOfRules(rules),
    timeScale: 0.02,
    apiKey: "k",
  }),
);

const real = await startLlamaServer();
if (typeof real === "string") noteAbsence(real);
else llamaClientSuite("the real llama-server", async () => real);

/** Not a skipped test: nothing is wrong here when Debian's mirror cannot be reached. But it is said aloud. */
function noteAbsence(why: string): void {
  process.stderr.write(`The client is NOT tried against a real server: ${why}\n`);
  test("says why the real llama-server takes no part", () => expect(why).toMatch(/^llama-server /));
}
