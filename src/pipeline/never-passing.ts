import { runTests, type Patched, type TestRun } from "./run-tests.ts";
import type { StageContext } from "./stage-context.ts";

/** What breaks off may take all of its time, so it is tried once more at most, whatever the settings say of failures. */
const mostCrashes = 2;

/** Those of the tests that pass in none of the runs: one, and while some have not passed the repeats that settings give flaky tests. */
export async function neverPassing(
  context: StageContext,
  run: TestRun,
  label: string,
  patched: Patched,
  tests: readonly string[],
): Promise<readonly string[]> {
  const { flaky_retries: most } = context.settings.tests;
  let failing = tests;
  let crashes = 0;
  for (let retry = 0; failing.length > 0 && retry <= most && crashes < mostCrashes; retry++) {
    const { report } = await runTests(context, run, retry === 0 ? label : `${label}/again-${retry}`, patched);
    if (report.crashed !== null) {
      crashes += 1;
      continue;
    }
    const passed = new Set(report.results.flatMap(({ id, status }) => (status === "passed" ? [id] : [])));
    failing = failing.filter((test) => !passed.has(test));
  }
  return failing;
}
