import { RepairError } from "../../domain/errors.ts";
import type { EventEffect, Timeline } from "../clock/timeline.ts";
import { createBlockPool } from "./block-pool.ts";
import type { Gpu } from "./gpu.ts";
import { stepDuration, wakeDuration, type EngineParameters, type SleepLevel } from "./parameters.ts";
import { enqueue, planStep, type SchedulerState } from "./scheduler.ts";
import { endOf, missingTokens, type Sequence, type SequenceEnd } from "./sequence.ts";
import { loadOf } from "./step-load.ts";

/** One prompt and the answers to generate for it. */
export type EngineRequest = {
  readonly promptTokens: number;
  /** Lower first; counts only under the policy `priority`. */
  readonly priority: number;
  readonly answers: readonly EngineAnswer[];
};

export type EngineAnswer = {
  /** Tokens until the answer ends; prompt and answer must fit into the window. */
  readonly outputTokens: number;
  /** Hashes of the full blocks of prompt and answer together; empty: nothing can be shared. */
  readonly hashes: readonly number[];
  /** Called at the end of each step that gave the answer a token. */
  onToken?(generated: number): void;
  /** Called once. */
  onEnd(end: SequenceEnd): void;
};

export type EngineRejection = { readonly rejected: "queue-full" | "tokens-full" };
export type EngineHandle = { abort(answer?: number): void };

export type EngineCounters = {
  readonly running: number;
  readonly waiting: number;
  readonly kvUsage: number;
  readonly steps: number;
  /** Time in which it had work, and GPU time it took of that. */
  readonly busyMs: number;
  readonly gpuMs: number;
  /** Prompt tokens looked up in the cache, found there, and computed. */
  readonly queriedTokens: number;
  readonly cachedTokens: number;
  readonly prefillTokens: number;
  readonly generatedTokens: number;
  readonly preemptions: number;
  readonly rejections: number;
};

export type Engine = {
  readonly parameters: EngineParameters;
  /** Throws RepairError `usage` for an answer that cannot fit into the window. */
  submit(request: EngineRequest): EngineHandle | EngineRejection;
  /** Ends everything under way as `crashed` and forgets the cache; it is awake then. */
  crash(): void;
  /** Ends everything under way as `slept` and forgets the cache; what comes then waits until it is awake. */
  sleep(level: SleepLevel): void;
  /** Calls `onAwake` when its weights are back, at once when it is awake. */
  wakeUp(onAwake: () => void): void;
  isSleeping(): boolean;
  /** Factor on the duration of every further step. */
  slowDown(factor: number): void;
  counters(): EngineCounters;
};

/** An inference engine with continuous batching, as a discrete-event model on `timeline`. */
export function createEngine(parameters: EngineParameters, timeline: Timeline, gpu: Gpu): Engine {
  const blocks = Math.floor(parameters.kvTokens / parameters.blockTokens);
  if (blocks * parameters.blockTokens < parameters.window) {
    throw new RepairError(
      "usage",
      "the KV memory is smaller than the window, so some requests would never start",
    );
  }
  const pool = createBlockPool(blocks, parameters.prefixCache);
  const state: SchedulerState = { parameters, pool, running: [], waiting: [], noRoom: null };
  const { running, waiting } = state;
  const total = { ...noCounts };
  let arrivals = 0;
  let slowness = 1;
  /** Null while it is awake. */
  let asleep: { readonly level: SleepLevel } | null = null;
  /** Cancels the event this engine waits for; null while it is idle. */
  let cancelNext: (() => void) | null = null;
  /** Whether anybody outside was called since the step began. */
  let effect: EventEffect = "quiet";

  const end = (sequence: Sequence, reason: SequenceEnd["reason"]): void => {
    pool.release(sequence.blocks);
    sequence.blocks = [];
    sequence.scheduled = 0;
    effect = "woke";
    sequence.onEnd(endOf(sequence, reason, timeline.now()));
  };
  const rest = (): void => {
    cancelNext = null;
    gpu.busyEngines -= 1;
  };
  const beginStep = (): EventEffect => {
    const planned = planStep(state, timeline.now());
    const scheduled = running.filter((sequence) => sequence.scheduled > 0);
    total.preemptions += planned.preempted;
    total.cachedTokens += planned.cachedTokens;
    for (const one of planned.started) if (one.preemptions === 0) total.queriedTokens += one.promptTokens;
    if (scheduled.length === 0) {
      rest();
      return effect;
    }
    const alone = stepDuration(parameters, loadOf(parameters, scheduled)) * slowness;
    const duration = alone * gpu.busyEngines;
    total.steps += 1;
    total.busyMs += duration;
    total.gpuMs += alone;
    cancelNext = timeline.at(timeline.now() + duration, () => endStep(scheduled));
    return effect;
  };
  const endStep = (scheduled: readonly Sequence[]): EventEffect => {
    effect = "quiet";
    for (const sequence of scheduled) {
      // Zero when it was aborted during the step.
      if (sequence.scheduled === 0) continue;
      if (sequence.generated === 0 || sequence.scheduled > 1) total.prefillTokens += sequence.scheduled;
      sequence.computed += sequence.scheduled;
      sequence.scheduled = 0;
      if (missingTokens(sequence) > 0) continue;
      sequence.generated += 1;
      total.generatedTokens += 1;
      sequence.firstTokenAt ??= timeline.now();
      if (sequence.onToken !== null) {
        effect = "woke";
        sequence.onToken(sequence.generated);
      }
      if (sequence.generated < sequence.outputTokens) continue;
      // An `onToken` may have aborted it.
      const at = running.indexOf(sequence);
      if (at === -1) continue;
      running.splice(at, 1);
      end(sequence, "finished");
    }
    return beginStep();
  };
  const begin = (): void => {
    if (cancelNext !== null || asleep !== null || running.length + waiting.length === 0) return;
    gpu.busyEngines += 1;
    // Not in this call: whoever submits now may submit more at the same moment.
    cancelNext = timeline.at(timeline.now(), () => {
      effect = "quiet";
      return beginStep();
    });
  };
  const remove = (sequence: Sequence, reason: SequenceEnd["reason"]): void => {
    for (const list of [running, waiting]) {
      const at = list.indexOf(sequence);
      if (at === -1) continue;
      list.splice(at, 1);
      end(sequence, reason);
    }
  };
  const endAll = (reason: SequenceEnd["reason"]): void => {
    for (const sequence of [...running, ...waiting]) remove(sequence, reason);
    pool.clear();
    cancelNext?.();
    if (cancelNext !== null) rest();
  };
  const isFull = (request: EngineRequest): EngineRejection | null => {
    const { maxQueuedSequences, maxQueuedTokens } = parameters;
    if (maxQueuedSequences === null && maxQueuedTokens === null) return null;
    const inside = [...running, ...waiting];
    const sequences = inside.length + request.answers.length;
    if (maxQueuedSequences !== null && sequences > maxQueuedSequences) return { rejected: "queue-full" };
    const tokens = inside.reduce((sum, { promptTokens }) => sum + promptTokens, 0);
    const more = request.promptTokens * request.answers.length;
    return maxQueuedTokens !== null && tokens + more > maxQueuedTokens ? { rejected: "tokens-full" } : null;
  };

  return {
    parameters,
    submit(request) {
      const full = isFull(request);
      if (full !== null) {
        total.rejections += 1;
        return full;
      }
      const sequences = request.answers.map((answer) => {
        if (request.promptTokens + answer.outputTokens > parameters.window) {
          throw new RepairError("usage", "prompt and answer do not fit into the window");
        }
        arrivals += 1;
        return newSequence(parameters, request, answer, { order: arrivals, arrivedAt: timeline.now() });
      });
      for (const sequence of sequences) enqueue(waiting, sequence);
      begin();
      return {
        abort(answer) {
          const aborted = answer === undefined ? sequences : sequences.slice(answer, answer + 1);
          for (const sequence of aborted) remove(sequence, "aborted");
        },
      };
    },
    crash() {
      asleep = null;
      endAll("crashed");
    },
    sleep(level) {
      asleep = { level };
      endAll("slept");
    },
    wakeUp(onAwake) {
      const nap = asleep;
      if (nap === null) return onAwake();
      timeline.at(timeline.now() + wakeDuration(parameters, nap.level), () => {
        // It may have been put to sleep again.
        if (asleep === nap) asleep = null;
        begin();
        onAwake();
        return "woke";
      });
    },
    isSleeping: () => asleep !== null,
    slowDown(factor) {
      slowness = factor;
    },
    counters: () => ({
      ...total,
      running: running.length,
      waiting: waiting.length,
      kvUsage: pool.counts().used / pool.capacity,
    }),
  };
}

const noCounts = {
  steps: 0,
  busyMs: 0,
  gpuMs: 0,
  queriedTokens: 0,
  cachedTokens: 0,
  prefillTokens: 0,
  generatedTokens: 0,
  preemptions: 0,
  rejections: 0,
};

const newSequence = (
  parameters: EngineParameters,
  request: EngineRequest,
  answer: EngineAnswer,
  arrival: { readonly order: number; readonly arrivedAt: number },
): Sequence => ({
  ...arrival,
  priority: parameters.policy === "priority" ? request.priority : 0,
  promptTokens: Math.max(1, request.promptTokens),
  outputTokens: Math.max(1, answer.outputTokens),
  hashes: parameters.prefixCache ? answer.hashes : [],
  onToken: answer.onToken === undefined ? null : (generated) => answer.onToken?.(generated),
  onEnd: (end) => answer.onEnd(end),
  startedAt: null,
  firstTokenAt: null,
  cachedTokens: 0,
  preemptions: 0,
  batch: 0,
  generated: 0,
  computed: 0,
  scheduled: 0,
  registered: 0,
  blocks: [],
});
