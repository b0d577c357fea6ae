import type { Baseline } from "./evidence.ts";
import { exitStatusId, type TestReport } from "./execution.ts";
import { disagreement, misreport, withoutCanary, type Canary } from "./two-runs.ts";
import type { TestVerdict } from "./verdict.ts";

/** One check of a tree: the tests, and where there is a canary, the same once more with a test that must fail. */
export type TestRuns = {
  readonly first: TestReport;
  /** Null before it was made, and where there is no canary. */
  readonly second: TestReport | null;
  /** Null when both runs are without. */
  readonly canary: Canary | null;
};

const passedIds = (report: TestReport): Set<string> =>
  new Set(report.results.filter((test) => test.status === "passed").map((test) => test.id));

const failedIds = (report: TestReport): string[] =>
  report.results.filter(({ status }) => status === "failed" || status === "errored").map(({ id }) => id);

/**
 * The baseline from two runs of the unpatched tree: what passed in both must keep passing, what passed in one is
 * flaky and counts for nothing. A run that crashed passed nothing. `unchecked` says why a candidate's tests have no
 * second run to check them, null when they have one.
 */
export function baselineOf(
  reports: readonly [TestReport, TestReport],
  command: string,
  unchecked: string | null,
): Baseline {
  const [first, second] = reports.map((run) => (run.crashed === null ? passedIds(run) : new Set<string>()));
  const crash = reports.find((run) => run.crashed !== null)?.crashed;
  const all = new Set(reports.flatMap((run) => run.results.map((test) => test.id)));
  if (all.size === 0) return { kind: "none", reason: crash ?? "the test command ran no test" };

  const passing = [...all].filter((id) => first?.has(id) && second?.has(id));
  const flaky = [...all].filter((id) => first?.has(id) !== second?.has(id));
  const red = new Set(reports.flatMap(failedIds));
  const failing = [...all].filter((id) => red.has(id) && !first?.has(id) && !second?.has(id));
  const seconds = reports[0].results.reduce((sum, test) => sum + test.seconds, 0);
  return {
    kind: "ran",
    command,
    passing,
    failing,
    flaky,
    seconds,
    withoutCanary: unchecked,
    exitStatusCounts: reports.every((run) => run.doubt === undefined),
    note:
      reports.find((run) => run.note !== undefined)?.note ?? crash ?? (isOnlyStatus(all) ? onlyStatus : null),
  };
}

const isOnlyStatus = (ids: ReadonlySet<string>): boolean => ids.size === 1 && ids.has(exitStatusId);

const onlyStatus = "the test command leaves no report, so only its exit status is known";

/**
 * How the canary misbehaves on the unpatched tree, null when it does not: then it can check candidates. A test that
 * fails in one of the runs is only flaky; one that is missing in the second was kept from running by the canary.
 */
export function disturbance(first: TestReport, second: TestReport, canary: Canary): string | null {
  const seen = new Set(second.results.map(({ id }) => id));
  const kept = [...passedIds(first)].filter((id) => !seen.has(id));
  const reason = first.crashed ?? misreport(first, canary) ?? disagreement(first, second, canary, kept);
  return reason === null ? null : `on the base commit ${reason}`;
}

/**
 * A candidate's tests against the baseline: a baseline test that fails, errors or is missing is a regression. A suite
 * that crashed, or whose two runs disagree, regresses everything.
 */
export function compareWithBaseline(baseline: Baseline, runs: TestRuns): TestVerdict {
  if (baseline.kind === "none") return { kind: "not-run", because: "no-baseline", reason: baseline.reason };
  const { first } = runs;
  if (first.crashed !== null) {
    return { kind: "crashed", reason: first.crashed, regressions: baseline.passing };
  }
  const passed = passedIds(withoutCanary(first, runs.canary));
  const regressions = baseline.passing.filter((id) => !passed.has(id));
  // Nobody fakes a run to show failures, and code that does not load takes the canary with it.
  const lie = regressions.length > 0 ? null : distrust(runs, baseline.passing);
  const doubt = (baseline.exitStatusCounts ? first.doubt : undefined) ?? lie;
  if (doubt !== null) {
    const reason = `the test run cannot be trusted: ${doubt}`;
    return { kind: "untrusted", reason, regressions: baseline.passing };
  }
  return { kind: "ran", passed: passed.size, regressions };
}

function distrust({ first, second, canary }: TestRuns, expected: readonly string[]): string | null {
  if (canary === null) return null;
  const lie = misreport(first, canary);
  return lie ?? (second === null ? null : disagreement(first, second, canary, expected));
}

/**
 * After a suspicious check was made once more: a test is broken, and a run untrusted, only if it is so both times. What
 * the first try showed stays in the verdict, since code that tosses a coin would otherwise have two tries.
 */
export function withoutFlaky(verdict: TestVerdict, again: TestVerdict): TestVerdict {
  if (verdict.kind === "not-run") return verdict;
  if (again.kind !== "ran") return again.kind === "untrusted" ? again : verdict;
  const regressions = verdict.regressions.filter((id) => again.regressions.includes(id));
  if (verdict.kind !== "ran") {
    const { kind, reason } = verdict;
    return { ...again, regressions: again.regressions, earlier: { kind, reason } };
  }
  const flaky = [...verdict.regressions, ...again.regressions, ...(verdict.flaky ?? [])].filter(
    (id) => !regressions.includes(id),
  );
  const { earlier } = verdict;
  return {
    ...again,
    regressions,
    ...(flaky.length === 0 ? {} : { flaky: [...new Set(flaky)] }),
    ...(earlier === undefined ? {} : { earlier }),
  };
}
