import type { Limits } from "./limits.ts";

/** A queued run that is due. */
export type WaitingRun = {
  readonly id: string;
  readonly issue: string;
  readonly installation: number;
  readonly repository: string;
  /** Higher goes first, whoever asked. */
  readonly priority: number;
  /** Order of the requests. */
  readonly sequence: number;
  /** Runs of its repository that may work at the same time, as was said when it was asked for; null: nothing was said. */
  readonly atOnce: number | null;
};

export type WorkingRun = Pick<WaitingRun, "issue" | "installation" | "repository">;

export type Occupation = {
  readonly working: readonly WorkingRun[];
  /** When a run of the installation was last begun, in milliseconds; absent for never. */
  readonly served: ReadonlyMap<number, number>;
};

const count = <T>(items: readonly T[], test: (item: T) => boolean): number => items.filter(test).length;

/**
 * The run to begin next, or null when none may: priority first, then the installation and the repository that have the
 * fewest runs at work, then the installation that waited longest since its last run, then the order of the requests.
 * A run whose issue is still being worked on waits for that run to end.
 */
export function nextRun(
  waiting: readonly WaitingRun[],
  { working, served }: Occupation,
  limits: Limits,
): string | null {
  const startable = waiting
    .map((run) => ({
      ...run,
      ofInstallation: count(working, ({ installation }) => installation === run.installation),
      ofRepository: count(working, ({ repository }) => repository === run.repository),
      servedAt: served.get(run.installation) ?? 0,
    }))
    .filter(
      ({ issue, atOnce, ofInstallation, ofRepository }) =>
        ofInstallation < limits.installationRuns &&
        ofRepository < Math.min(limits.repositoryRuns, atOnce ?? Infinity) &&
        !working.some((other) => other.issue === issue),
    );
  const [first] = startable.toSorted(
    (a, b) =>
      b.priority - a.priority ||
      a.ofInstallation - b.ofInstallation ||
      a.ofRepository - b.ofRepository ||
      a.servedAt - b.servedAt ||
      a.sequence - b.sequence,
  );
  return first?.id ?? null;
}
