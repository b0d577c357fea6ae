import { startModelServer } from "../../../src/simulator/server.ts";
import { inferenceClientContract } from "../../contracts/inference-client.ts";
import { localClient } from "./local-client.ts";

inferenceClientContract("the openai client", async (replies) => {
  const server = await startModelServer({ replies, apiKey: "secret-key-1" });
  // The contract cancels a call that waits for its first token, so silence must outlast that test.
  const timeouts = { headersMs: 500 };
  return { client: localClient(server.url, "secret-key-1", { timeouts }), stop: () => server.stop() };
});
