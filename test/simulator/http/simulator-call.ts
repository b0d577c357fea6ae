import { afterEach } from "vitest";
import { h100Bf16, type EngineParameters } from "../../../src/simulator/engine/parameters.ts";
import {
  startSimulator,
  type Simulator,
  type SimulatorOptions,
} from "../../../src/simulator/http/simulator.ts";
import { scriptOfRules, type Rule } from "../../../src/simulator/script/rules.ts";

export const answer = "<think>\nhm\n</think>\n\nParcels are weighed in grams, and the limit is in kilograms.";
const answered: readonly Rule[] = [{ match: {}, choices: [{ text: answer }] }];

type Options = Partial<Omit<SimulatorOptions, "script">> & {
  readonly rules?: readonly Rule[];
  readonly engine?: Partial<EngineParameters>;
};
export type Served = {
  readonly simulator: Simulator;
  post(path: string, body: unknown, signal?: AbortSignal): Promise<Response>;
};

const started: Simulator[] = [];
afterEach(() => Promise.all(started.splice(0).map((simulator) => simulator.stop())));

/** A simulator without delays, stopped after the test, and a way to call it. */
export async function serve({ rules = answered, engine = {}, ...options }: Options = {}): Promise<Served> {
  const simulator = await startSimulator({
    models: { m: { engine: { ...h100Bf16, ...engine } } },
    timeScale: 0,
    ...options,
    script: scriptOfRules(rules),
  });
  started.push(simulator);
  return {
    simulator,
    post: (path, body, signal) =>
      fetch(simulator.url + path, {
        method: "POST",
        body: JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}

export const chat = (fields: object = {}): object => ({
  model: "m",
  messages: [{ role: "user", content: "What is wrong?" }],
  ...fields,
});

/** The data of a stream's events. */
export const eventsOf = (text: string): readonly string[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => line.slice("data: ".length));
