import { expect, test } from "vitest";
import { h100Bf16 } from "../../src/simulator/engine/parameters.ts";
import { startSimulator } from "../../src/simulator/http/simulator.ts";
import { scriptOfRules } from "../../src/simulator/script/rules.ts";
import { llamaPeerSuite } from "./llama/peer-suite.ts";
import { startLlamaServer } from "./llama/start-llama-server.ts";

const reasoning = "<think>\nThe report names one file.\n</think>\n\n";
const rules = [
  { match: { prompt: "~$" }, choices: [{ text: " tick tock".repeat(2_000) }] },
  { match: {}, choices: [{ text: `${reasoning}Yes, fixed. ` }, { text: `${reasoning}No, broken! ` }] },
];
const engine = { ...h100Bf16, window: 1_024, kvTokens: 4_096, maxSequences: 4 };

llamaPeerSuite(
  "the simulator's dialect llamacpp",
  await startSimulator({
    dialect: "llamacpp",
    models: { "scripted.gguf": { engine } },
    script: scriptOfRules(rules),
    timeScale: 0.02,
    streamInterval: 1,
    apiKey: "k",
  }),
);

const real = await startLlamaServer();
if (typeof real === "string") noteAbsence(real);
else llamaPeerSuite("the real llama-server", real);

/** Not a skipped test: nothing is wrong here when Debian's mirror cannot be reached. But it is said aloud. */
function noteAbsence(why: string): void {
  process.stderr.write(`The simulator is NOT compared with a real server: ${why}\n`);
  test("says why the real llama-server takes no part", () => expect(why).toMatch(/^llama-server /));
}
