import { createScriptedClient } from "../../src/simulator/scripted-client.ts";
import { inferenceClientContract } from "../contracts/inference-client.ts";

inferenceClientContract("the scripted client", async (replies) => ({
  client: createScriptedClient({ replies }),
  stop: async () => undefined,
}));
