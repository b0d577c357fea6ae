import type { World } from "./world.ts";

/** Seconds of one issue's way, one stage after the other; their sum is its wall time. */
export type Stages = {
  readonly files: number;
  readonly lines: number;
  readonly candidates: number;
  /** Critiques and judges after the last candidate. */
  readonly judgements: number;
  /** Jobs after the last call. */
  readonly executions: number;
};

export const stageNames = ["files", "lines", "candidates", "judgements", "executions"] as const;

/** Where the time of a world with one issue went, by what its engines and its sandbox saw. */
export function stagesOf({ simulation, clock }: World): Stages {
  const entries = simulation.journal.entries();
  const of = (stage: string) => entries.filter(({ sample }) => sample?.startsWith(`${stage}/`));
  const begins = (stage: string): number => Math.min(...of(stage).map(({ arrivedAt }) => arrivedAt));
  const ends = (some: typeof entries): number =>
    Math.max(...some.flatMap(({ choices }) => choices.map(({ endedAt }) => endedAt)));
  const marks = [
    begins("localize-lines"),
    begins("generate"),
    ends(of("generate")),
    ends(entries),
    clock.now(),
  ] as const;
  const [files = 0, lines = 0, candidates = 0, judgements = 0, executions = 0] = marks.map(
    (at, index) => (at - (marks[index - 1] ?? 0)) / 1_000,
  );
  return { files, lines, candidates, judgements, executions };
}

/** Stage by stage what the first took longer than the second, in seconds. */
export const gapOf = (ours: Stages, ideal: Stages): Stages => ({
  files: ours.files - ideal.files,
  lines: ours.lines - ideal.lines,
  candidates: ours.candidates - ideal.candidates,
  judgements: ours.judgements - ideal.judgements,
  executions: ours.executions - ideal.executions,
});

export const meanStages = (all: readonly Stages[]): Stages => {
  const mean = (name: keyof Stages): number => all.reduce((sum, one) => sum + one[name], 0) / all.length;
  return {
    files: mean("files"),
    lines: mean("lines"),
    candidates: mean("candidates"),
    judgements: mean("judgements"),
    executions: mean("executions"),
  };
};
