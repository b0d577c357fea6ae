import type { ExecutionOutcome, TestReport } from "../../domain/execution.ts";
import { parseJunit } from "../junit-report.ts";
import { parseResultLines } from "../result-lines.ts";
import { readTestReport } from "../test-report.ts";
import { withoutPytest } from "./test-commands.ts";

/** Exit statuses of pytest and unittest after which the report is complete: all passed, some failed, none found. */
const finished = [0, 1, 5];

/** pytest leaves JUnit XML, our unittest reporter and the command of the settings leave lines. */
export function readPythonTestReport(outcome: ExecutionOutcome): TestReport {
  const report = readTestReport(outcome, (text, exitCode) =>
    text.trimStart().startsWith("<")
      ? { results: parseJunit(text), complete: exitCode !== null && finished.includes(exitCode) }
      : parseResultLines(text),
  );
  if (outcome.kind !== "exited") return report;
  const doubt = contradiction(report, outcome.exitCode);
  return {
    ...report,
    ...(doubt === null ? {} : { doubt }),
    ...(outcome.stderr.startsWith(withoutPytest) ? { note: withoutPytest } : {}),
  };
}

/** The runners exit with 0 when, and only when, nothing failed. */
function contradiction({ results, crashed }: TestReport, exitCode: number): string | null {
  if (crashed !== null) return null;
  const failed = results.filter(({ status }) => status === "failed" || status === "errored").length;
  if (failed > 0 && exitCode === 0) return `the report has ${failed} failed tests, but the exit status is 0`;
  const passed = results.some(({ status }) => status === "passed");
  return failed === 0 && passed && exitCode !== 0
    ? `the report has no failed test, but the exit status is ${exitCode}`
    : null;
}
