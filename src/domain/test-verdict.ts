import type { Baseline } from "./evidence.ts";
import { exitStatusId, type TestReport } from "./execution.ts";
import { disagreement, type Canary } from "./two-runs.ts";
import type { TestVerdict } from "./verdict.ts";

/** One check of a tree: the tests, and where there is a canary, some of them once more beside it. */
export type TestRuns = {
  readonly real: TestReport;
  readonly second: { readonly report: TestReport; readonly canary: Canary } | null;
};

const passedIds = (report: TestReport): Set<string> =>
  new Set(report.results.filter((test) => test.status === "passed").map((test) => test.id));

const failedIds = (report: TestReport): string[] =>
  report.results.filter(({ status }) => status === "failed" || status === "errored").map(({ id }) => id);

/**
 * The baseline from two runs of the unpatched tree: what passed in both must keep passing, what passed in one is
 * flaky and counts for nothing. A run that crashed passed nothing. `noCanary` says why the language gave none.
 */
export function baselineOf(
  runs: readonly [TestRuns, TestRuns],
  command: string,
  noCanary: string | null,
): Baseline {
  const reports = runs.map((run) => run.real);
  const [first, second] = reports.map((run) => (run.crashed === null ? passedIds(run) : new Set<string>()));
  const crash = reports.find((run) => run.crashed !== null)?.crashed;
  const all = new Set(reports.flatMap((run) => run.results.map((test) => test.id)));
  if (all.size === 0) return { kind: "none", reason: crash ?? "the test command ran no test" };

  const passing = [...all].filter((id) => first?.has(id) && second?.has(id));
  const flaky = [...all].filter((id) => first?.has(id) !== second?.has(id));
  const red = new Set(reports.flatMap(failedIds));
  const failing = [...all].filter((id) => red.has(id) && !first?.has(id) && !second?.has(id));
  const seconds = runs[0].real.results.reduce((sum, test) => sum + test.seconds, 0);
  const disturbed = runs.map((run) => distrust(run, passing)).find((reason) => reason !== null) ?? null;
  return {
    kind: "ran",
    command,
    passing,
    failing,
    flaky,
    seconds,
    withoutCanary: noCanary ?? (disturbed === null ? null : `on the base commit ${disturbed}`),
    exitStatusCounts: reports.every((run) => run.doubt === undefined),
    note:
      reports.find((run) => run.note !== undefined)?.note ?? crash ?? (isOnlyStatus(all) ? onlyStatus : null),
  };
}

const isOnlyStatus = (ids: ReadonlySet<string>): boolean => ids.size === 1 && ids.has(exitStatusId);

const onlyStatus = "the test command leaves no report, so only its exit status is known";

const distrust = ({ real, second }: TestRuns, expected: readonly string[]): string | null =>
  second === null ? null : disagreement(real, second.report, second.canary, expected);

/**
 * A candidate's tests against the baseline: a baseline test that fails, errors or is missing is a regression. A suite
 * that crashed, or whose two runs disagree, regresses everything.
 */
export function compareWithBaseline(baseline: Baseline, runs: TestRuns): TestVerdict {
  if (baseline.kind === "none") return { kind: "not-run", because: "no-baseline", reason: baseline.reason };
  const { real } = runs;
  if (real.crashed !== null) {
    return { kind: "crashed", reason: real.crashed, regressions: baseline.passing };
  }
  const doubt = (baseline.exitStatusCounts ? real.doubt : undefined) ?? distrust(runs, baseline.passing);
  if (doubt !== null) {
    const reason = `the test run cannot be trusted: ${doubt}`;
    return { kind: "untrusted", reason, regressions: baseline.passing };
  }
  const passed = passedIds(real);
  const regressions = baseline.passing.filter((id) => !passed.has(id));
  return { kind: "ran", passed: passed.size, regressions };
}

/** After a suspicious check was made once more: a test is broken, and a run untrusted, only if it is so both times. */
export function withoutFlaky(verdict: TestVerdict, again: TestVerdict): TestVerdict {
  if (verdict.kind === "not-run") return verdict;
  if (again.kind !== "ran") return again.kind === "untrusted" ? again : verdict;
  const regressions = verdict.regressions.filter((id) => again.regressions.includes(id));
  return { ...again, regressions };
}
