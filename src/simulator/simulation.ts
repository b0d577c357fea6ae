import { RepairError } from "../domain/errors.ts";
import type { Timeline } from "./clock/timeline.ts";
import { createEngine, type Engine, type EngineHandle, type EngineRejection } from "./engine/engine.ts";
import { createGpu } from "./engine/gpu.ts";
import type { EngineParameters } from "./engine/parameters.ts";
import type { SequenceEnd } from "./engine/sequence.ts";
import { createFaultSelector, type FaultSelector } from "./fault-selector.ts";
import { planCall, type GenerationCall, type PlannedAnswer, type PlannedCall } from "./generation.ts";
import { createCallJournal, type CallJournal } from "./journal.ts";
import type { ServerFault } from "./script/faults.ts";
import type { Script, ScriptedReply } from "./script/script.ts";

export type CallListener = {
  /** At the end of each step that gave the choice a token; the first call is its first token. */
  onToken?(choice: number, generated: number): void;
  onEnd(choice: number, answer: PlannedAnswer, end: SequenceEnd): void;
};

/** Models by name; those with the same `gpu` share one, and slow each other down. */
export type ServedModels = Readonly<
  Record<string, { readonly engine: EngineParameters; readonly gpu?: string }>
>;

export type SimulationOptions = {
  readonly timeline: Timeline;
  readonly models: ServedModels;
  readonly script: Script;
  /** For faults with a rate. */
  readonly seed?: number;
};

export type Simulation = {
  readonly script: Script;
  readonly timeline: Timeline;
  readonly faults: FaultSelector;
  readonly journal: CallJournal;
  engine(model: string): Engine | null;
  engines(): ReadonlyMap<string, Engine>;
  modelNames(): readonly string[];
  /** Serves `name` as an adapter on the engine of `base`: the same memory, but no prefix in common. False without such a base. */
  loadAdapter(name: string, base: string): boolean;
  unloadAdapter(name: string): boolean;
  /** Throws RepairError `usage` for an unknown model, and when the prompt leaves no room for a token. */
  plan(call: GenerationCall, reply: ScriptedReply, faults: readonly ServerFault[]): PlannedCall;
  start(planned: PlannedCall, listener: CallListener): EngineHandle | EngineRejection;
};

/** Scripted answers given at the pace of simulated engines: what both faces, HTTP and in process, are made of. */
export function createSimulation(options: SimulationOptions): Simulation {
  const { timeline, script } = options;
  const gpus = new Map<string, ReturnType<typeof createGpu>>();
  const bases = new Map<string, Engine>();
  for (const [name, { engine, gpu = name }] of Object.entries(options.models)) {
    const shared = gpus.get(gpu) ?? createGpu(gpu);
    gpus.set(gpu, shared);
    bases.set(name, createEngine(engine, timeline, shared));
  }
  const adapters = new Map<string, Engine>();
  const journal = createCallJournal(timeline);
  const engine = (model: string): Engine | null => bases.get(model) ?? adapters.get(model) ?? null;
  const requireEngine = (model: string): Engine => {
    const found = engine(model);
    if (found === null) throw new RepairError("usage", `the model ${model} is not simulated`);
    return found;
  };

  return {
    script,
    timeline,
    journal,
    faults: createFaultSelector(options.seed ?? 0),
    engine,
    engines: () => bases,
    modelNames: () => [...bases.keys(), ...adapters.keys()],
    loadAdapter(name, base) {
      const found = bases.get(base);
      if (found !== undefined) adapters.set(name, found);
      return found !== undefined;
    },
    unloadAdapter: (name) => adapters.delete(name),
    plan: (call, reply, faults) => planCall(requireEngine(call.model).parameters, call, reply, faults),
    start(planned, listener) {
      const { call, answers } = planned;
      const entry = journal.open(planned);
      const handle = requireEngine(call.model).submit({
        promptTokens: planned.promptTokens,
        priority: call.priority,
        answers: answers.map((answer, choice) => ({
          outputTokens: answer.tokens,
          hashes: planned.hashes[choice] ?? [],
          ...(listener.onToken === undefined
            ? {}
            : { onToken: (generated: number) => listener.onToken?.(choice, generated) }),
          onEnd(end) {
            entry.choiceEnded(choice, answer, end);
            listener.onEnd(choice, answer, end);
          },
        })),
      });
      if ("rejected" in handle) entry.rejected(handle.rejected);
      return handle;
    },
  };
}
