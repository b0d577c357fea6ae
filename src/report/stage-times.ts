import type { Stage, Transition } from "../domain/run.ts";

export type StageTime = { readonly stage: Stage; readonly milliseconds: number; readonly open: boolean };

/** How long a run was in each stage, in the order of their first time; a resumed run's times are added up. */
export function stageTimes(transitions: readonly Transition[], now: number): readonly StageTime[] {
  const times = new Map<Stage, StageTime>();
  for (const [place, { time, state }] of transitions.entries()) {
    if (state.at !== "running") continue;
    const next = transitions[place + 1];
    const before = times.get(state.stage)?.milliseconds ?? 0;
    times.set(state.stage, {
      stage: state.stage,
      milliseconds: before + Math.max(0, (next?.time ?? now) - time),
      open: next === undefined,
    });
  }
  return [...times.values()];
}
