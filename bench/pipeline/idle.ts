import type { World } from "./world.ts";

/** Shares of the whole time in which engines have no call: before their first one, between calls, after their last. */
export type Idle = { readonly before: number; readonly between: number; readonly after: number };

/** When the engines that are named have nothing to do, all together. */
export function idleOf({ simulation, clock }: World, names: readonly string[]): Idle {
  const end = clock.now();
  const calls = simulation.journal
    .entries()
    .filter(({ model }) => names.includes(model))
    .map(({ arrivedAt, choices }) => ({
      from: arrivedAt,
      to: Math.max(arrivedAt, ...choices.map(({ endedAt }) => endedAt)),
    }))
    .toSorted((a, b) => a.from - b.from);
  const before = calls[0]?.from ?? end;
  let busyUntil = before;
  let between = 0;
  for (const { from, to } of calls) {
    between += Math.max(0, from - busyUntil);
    busyUntil = Math.max(busyUntil, to);
  }
  return { before: before / end, between: between / end, after: (end - busyUntil) / end };
}

export function meanIdle(all: readonly Idle[]): Idle {
  const mean = (of: (one: Idle) => number): number => all.reduce((sum, one) => sum + of(one), 0) / all.length;
  return {
    before: mean(({ before }) => before),
    between: mean(({ between }) => between),
    after: mean(({ after }) => after),
  };
}
