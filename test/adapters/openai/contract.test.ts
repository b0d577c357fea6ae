import { h100Bf16 } from "../../../src/simulator/engine/parameters.ts";
import { startSimulator } from "../../../src/simulator/http/simulator.ts";
import { startModelServer } from "../../../src/simulator/server.ts";
import { scriptOfReplies } from "../../../src/simulator/script/recorded.ts";
import { scriptOfRules } from "../../../src/simulator/script/rules.ts";
import { roles } from "../../../src/domain/transcript.ts";
import { inferenceClientContract } from "../../contracts/inference-client.ts";
import { localClient } from "./local-client.ts";

const key = "secret-key-1";
// The contract cancels a call that waits for its first token, so silence must outlast that test.
const timeouts = { headersMs: 500, firstTokenMs: 2_000, betweenChunksMs: 2_000 };

inferenceClientContract("the openai client", async (replies) => {
  const server = await startModelServer({ replies, apiKey: key });
  return { client: localClient(server.url, key, { timeouts }), stop: () => server.stop() };
});

// Recordings have nothing for a client that asks what the server can do; here somebody answers.
inferenceClientContract("the openai client where a server takes groups", async (replies) => {
  const recorded = scriptOfReplies(replies, "x-copatcher-sample");
  const anything = scriptOfRules([{ match: {}, choices: [{ text: "yes" }] }]);
  const server = await startSimulator({
    apiKey: key,
    timeScale: 0,
    models: Object.fromEntries(roles.map((role) => [role, { engine: h100Bf16 }])),
    script: {
      reply: (call) => (call.sample === null ? anything : recorded).reply(call),
      missing: (call) => recorded.missing(call),
    },
  });
  return { client: localClient(server.url, key, { timeouts }), stop: () => server.stop() };
});
