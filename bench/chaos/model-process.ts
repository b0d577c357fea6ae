import { roles } from "../../src/domain/transcript.ts";
import { h100Bf16 } from "../../src/simulator/engine/parameters.ts";
import { startSimulator } from "../../src/simulator/http/simulator.ts";
import { projectScript } from "./project.ts";

/** The inference server, a process of its own that can be killed: `model-process.ts PORT`. Tells its parent of every request. */
const simulator = await startSimulator({
  port: Number(process.argv[2]),
  models: Object.fromEntries(roles.map((model) => [model, { engine: h100Bf16 }])),
  script: projectScript,
  // an answer takes some tenths of a second, as long as a kill may well fall into it
  timeScale: 0.5,
  // each process of the bot asks what a server can, beside any sample
  onEnded: (request) => request.sample !== "" && process.send?.({ request }),
});
process.once("disconnect", () => process.exit(0));
process.send?.({ url: simulator.url });
