import type { Baseline } from "./evidence.ts";
import type { TestReport } from "./execution.ts";
import type { TestVerdict } from "./verdict.ts";

const passedIds = (report: TestReport): Set<string> =>
  new Set(report.results.filter((test) => test.status === "passed").map((test) => test.id));

const failedIds = (report: TestReport): string[] =>
  report.results.filter(({ status }) => status === "failed" || status === "errored").map(({ id }) => id);

/**
 * The baseline from two runs of the unpatched tree: what passed in both must keep passing, what passed in one is
 * flaky and counts for nothing. A run that crashed passed nothing.
 */
export function baselineOf(runs: readonly [TestReport, TestReport], command: string): Baseline {
  const [first, second] = runs.map((run) => (run.crashed === null ? passedIds(run) : new Set<string>()));
  const crash = runs.find((run) => run.crashed !== null)?.crashed;
  const all = new Set(runs.flatMap((run) => run.results.map((test) => test.id)));
  if (all.size === 0) return { kind: "none", reason: crash ?? "the test command ran no test" };

  const passing = [...all].filter((id) => first?.has(id) && second?.has(id));
  const flaky = [...all].filter((id) => first?.has(id) !== second?.has(id));
  const red = new Set(runs.flatMap(failedIds));
  const failing = [...all].filter((id) => red.has(id) && !first?.has(id) && !second?.has(id));
  const seconds = runs[0].results.reduce((sum, test) => sum + test.seconds, 0);
  return { kind: "ran", command, passing, failing, flaky, seconds };
}

/**
 * A candidate's tests against the baseline: a baseline test that fails, errors or is missing is a regression, and a
 * crashed suite regresses everything.
 */
export function compareWithBaseline(baseline: Baseline, report: TestReport): TestVerdict {
  if (baseline.kind === "none") return { kind: "not-run", because: "no-baseline", reason: baseline.reason };
  if (report.crashed !== null) {
    return { kind: "crashed", reason: report.crashed, regressions: baseline.passing };
  }
  const passed = passedIds(report);
  const regressions = baseline.passing.filter((id) => !passed.has(id));
  return { kind: "ran", passed: passed.size, regressions };
}

/** After the suspects were run once more: what passed the second time is no regression. */
export function withoutFlaky(verdict: TestVerdict, rerun: TestReport): TestVerdict {
  if (verdict.kind === "not-run" || rerun.crashed !== null) return verdict;
  const passed = passedIds(rerun);
  const regressions = verdict.regressions.filter((id) => !passed.has(id));
  return { kind: "ran", passed: passed.size, regressions };
}
