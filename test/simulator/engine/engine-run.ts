import { createVirtualClock } from "../../../src/simulator/clock/virtual-clock.ts";
import { createEngine, type EngineCounters } from "../../../src/simulator/engine/engine.ts";
import { createGpu } from "../../../src/simulator/engine/gpu.ts";
import { h100Bf16, type EngineParameters } from "../../../src/simulator/engine/parameters.ts";
import type { SequenceEnd } from "../../../src/simulator/engine/sequence.ts";
import { createBlockHasher, fillerText } from "../../../src/simulator/engine/tokens.ts";

export type Arrival = {
  readonly at: number;
  /** Tokens of the beginning that it shares with others of the same group, and of its own. */
  readonly group: number;
  readonly shared: number;
  readonly own: number;
  readonly outputs: readonly number[];
  readonly priority: number;
  /** Milliseconds after its arrival at which it is aborted. */
  readonly abortAfter: number | null;
};

export type RunResult = {
  /** Ends by request and answer; `null` for a request that was rejected. */
  readonly ends: readonly (readonly SequenceEnd[] | null)[];
  readonly counters: EngineCounters;
  readonly mostRunning: number;
  readonly highestKvUsage: number;
  readonly busyMs: number;
};

/** A small engine whose limits a few requests reach. */
export const small: EngineParameters = {
  ...h100Bf16,
  window: 512,
  kvTokens: 640,
  maxSequences: 6,
  maxBatchedTokens: 128,
};

/** Runs requests through one engine in virtual time. */
export async function runEngine(
  parameters: EngineParameters,
  arrivals: readonly Arrival[],
): Promise<RunResult> {
  const clock = createVirtualClock(0);
  const engine = createEngine(parameters, clock, createGpu("one"));
  const ends: (SequenceEnd[] | null)[] = arrivals.map(() => []);
  let mostRunning = 0;
  let highestKvUsage = 0;
  const look = (): "quiet" => {
    const { running, waiting, kvUsage } = engine.counters();
    mostRunning = Math.max(mostRunning, running);
    highestKvUsage = Math.max(highestKvUsage, kvUsage);
    // More often than steps end, until nobody can come any more.
    if (running + waiting > 0 || clock.now() < lastArrival) clock.at(clock.now() + 12, look);
    return "quiet";
  };
  const lastArrival = Math.max(0, ...arrivals.map(({ at }) => at));
  arrivals.forEach((arrival, index) => {
    clock.at(arrival.at, () => {
      const hashes = hashesOf(parameters, arrival, index);
      const handle = engine.submit({
        promptTokens: arrival.shared + arrival.own,
        priority: arrival.priority,
        answers: arrival.outputs.map((outputTokens) => ({
          outputTokens,
          hashes,
          onEnd: (end) => void ends[index]?.push(end),
        })),
      });
      if ("rejected" in handle) ends[index] = null;
      else if (arrival.abortAfter !== null) {
        clock.at(clock.now() + arrival.abortAfter, () => {
          handle.abort();
          return "quiet";
        });
      }
      return "quiet";
    });
  });
  clock.at(0, look);
  await clock.untilIdle();
  return { ends, counters: engine.counters(), mostRunning, highestKvUsage, busyMs: engine.counters().busyMs };
}

function hashesOf(parameters: EngineParameters, arrival: Arrival, index: number): readonly number[] {
  const hasher = createBlockHasher(parameters.blockTokens, "model");
  hasher.add(fillerText(arrival.shared, `group ${arrival.group}`));
  hasher.add(fillerText(arrival.own, `own ${index}`));
  return hasher.result().blocks;
}
