import { roles } from "../domain/transcript.ts";
import { h100Bf16 } from "./engine/parameters.ts";
import { startSimulator, type Simulator, type SimulatorOptions } from "./http/simulator.ts";
import type { RecordedReplies } from "./replies.ts";
import { scriptOfReplies } from "./script/recorded.ts";

export type ModelServerOptions = Pick<
  SimulatorOptions,
  "host" | "port" | "apiKey" | "timeScale" | "sampleHeader"
> & {
  readonly replies: RecordedReplies;
  /** Model names it serves; by default the roles' names. */
  readonly models?: readonly string[];
};

export type ModelServer = Simulator;

/** A model server on loopback that answers from recordings; `timeScale` is 0 unless given: no wait at all. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { replies, models = roles, sampleHeader = "x-copatcher-sample" } = options;
  return startSimulator({
    timeScale: 0,
    ...options,
    models: Object.fromEntries(models.map((model) => [model, { engine: h100Bf16 }])),
    script: scriptOfReplies(replies, sampleHeader),
  });
}
