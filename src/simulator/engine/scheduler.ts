import type { BlockPool } from "./block-pool.ts";
import type { EngineParameters } from "./parameters.ts";
import { comesBefore, missingTokens, type Sequence } from "./sequence.ts";

export type SchedulerState = {
  readonly parameters: EngineParameters;
  readonly pool: BlockPool;
  /** In the order in which they were started. */
  readonly running: Sequence[];
  /** In the order in which they are to be started. */
  readonly waiting: Sequence[];
  /** The first waiting sequence when it had no room, and `releases` of the pool at that time. */
  noRoom: { readonly sequence: Sequence; readonly releases: number } | null;
};

/** What a step was given, for the engine's counters. */
export type Planned = {
  readonly started: readonly Sequence[];
  readonly preempted: number;
  readonly cachedTokens: number;
};

/**
 * Fills the next step: decoding sequences get one token each, then unfinished prompts, then waiting sequences, until
 * the token budget, the sequence limit or the KV memory is spent. The shares are left in `scheduled`.
 */
export function planStep(state: SchedulerState, now: number): Planned {
  const { parameters, running } = state;
  const budget = { tokens: parameters.maxBatchedTokens };
  let preempted = 0;
  for (const isTurnOf of [isDecoding, isPrefilling]) {
    for (const sequence of running.filter(isTurnOf)) {
      if (budget.tokens === 0) break;
      preempted += continueSequence(state, sequence, budget);
    }
  }
  // A step that had to push somebody out has no room for newcomers.
  const started = preempted > 0 ? [] : startWaiting(state, budget, now);
  const batch = running.filter(({ scheduled }) => scheduled > 0).length;
  for (const sequence of started) sequence.batch ||= batch;
  const cachedTokens = started.reduce((sum, { cachedTokens }) => sum + cachedTokens, 0);
  return { started, preempted, cachedTokens };
}

const isDecoding = (sequence: Sequence): boolean => missingTokens(sequence) === 1;
const isPrefilling = (sequence: Sequence): boolean => missingTokens(sequence) > 1;

/** Returns how many sequences lost their blocks to make room. */
function continueSequence(state: SchedulerState, sequence: Sequence, budget: { tokens: number }): number {
  const { pool, parameters } = state;
  let preempted = 0;
  // Pushed out by one before it in this very step.
  if (sequence.blocks.length === 0) return preempted;
  const tokens = Math.min(missingTokens(sequence), budget.tokens);
  const needed = Math.ceil((sequence.computed + tokens) / parameters.blockTokens) - sequence.blocks.length;
  const fits = (): boolean => needed <= 0 || pool.extend(sequence.blocks, needed);
  while (!fits()) {
    const victim = leastImportant(state);
    if (victim === null) break;
    budget.tokens += victim.scheduled;
    preempt(state, victim);
    preempted += 1;
    if (victim === sequence) return preempted;
  }
  give(state, sequence, tokens, budget);
  return preempted;
}

/** Last started (fcfs), or the last of the lowest priority. */
function leastImportant({ parameters, running }: SchedulerState): Sequence | null {
  if (parameters.policy === "fcfs") return running.at(-1) ?? null;
  return running.reduce<Sequence | null>(
    (worst, sequence) => (worst === null || comesBefore(worst, sequence) ? sequence : worst),
    null,
  );
}

/** Takes everything from a running sequence; it starts over later, with what it had generated as part of its prompt. */
function preempt({ pool, running, waiting }: SchedulerState, sequence: Sequence): void {
  pool.release(sequence.blocks);
  sequence.blocks = [];
  sequence.computed = 0;
  sequence.registered = 0;
  sequence.scheduled = 0;
  sequence.preemptions += 1;
  running.splice(running.indexOf(sequence), 1);
  enqueue(waiting, sequence);
}

/** Puts a sequence in its place among the waiting ones. */
export function enqueue(waiting: Sequence[], sequence: Sequence): void {
  let low = 0;
  let high = waiting.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = waiting[middle];
    if (other !== undefined && comesBefore(other, sequence)) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, sequence);
}

function startWaiting(state: SchedulerState, budget: { tokens: number }, now: number): Sequence[] {
  const { parameters, pool, running, waiting } = state;
  const { blockTokens } = parameters;
  const started: Sequence[] = [];
  while (budget.tokens > 0 && running.length < parameters.maxSequences) {
    const sequence = waiting[0];
    if (sequence === undefined) break;
    // Looking up a long prompt at every step while memory is full would be most of the work of a simulation.
    if (state.noRoom?.sequence === sequence && state.noRoom.releases === pool.releases()) break;
    const total = missingTokens(sequence);
    // The last token is always computed, because its result is the next token.
    const cached = pool.matching(sequence.hashes, Math.floor((total - 1) / blockTokens));
    const tokens = Math.min(total - cached * blockTokens, budget.tokens);
    const fresh = Math.ceil((cached * blockTokens + tokens) / blockTokens) - cached;
    // Started only when its whole prompt fits; else it would be prefilled and pushed out in turns.
    const room = Math.ceil(total / blockTokens) - cached;
    const blocks = pool.allocate(sequence.hashes, cached, fresh, room);
    if (blocks === null) {
      state.noRoom = { sequence, releases: pool.releases() };
      break;
    }
    waiting.shift();
    running.push(sequence);
    started.push(sequence);
    sequence.blocks = blocks;
    sequence.computed = cached * blockTokens;
    sequence.registered = cached;
    if (sequence.startedAt === null)
      sequence.cachedTokens = Math.min(sequence.computed, sequence.promptTokens);
    sequence.startedAt ??= now;
    give(state, sequence, tokens, budget);
  }
  return started;
}

/** Blocks count as cached from the moment they are scheduled, so that a batch shares its own prompts. */
function give(state: SchedulerState, sequence: Sequence, tokens: number, budget: { tokens: number }): void {
  const { parameters, pool } = state;
  // A prompt that is computed can be what the first waiting one shares.
  if (tokens > 1) state.noRoom = null;
  sequence.scheduled = tokens;
  budget.tokens -= tokens;
  const full = Math.floor((sequence.computed + tokens) / parameters.blockTokens);
  for (; sequence.registered < full; sequence.registered += 1) {
    const block = sequence.blocks[sequence.registered];
    const hash = sequence.hashes[sequence.registered];
    if (block !== undefined && hash !== undefined) pool.register(block, hash);
  }
}
