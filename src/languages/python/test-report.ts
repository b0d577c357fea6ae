import type { ExecutionOutcome, TestReport } from "../../domain/execution.ts";
import { parseJunit } from "../junit-report.ts";
import { parseResultLines } from "../result-lines.ts";
import { readTestReport } from "../test-report.ts";

/** Exit statuses of pytest and unittest after which the report is complete: all passed, some failed, none found. */
const finished = [0, 1, 5];

/** pytest leaves JUnit XML, our unittest reporter and the command of the settings leave lines. */
export const readPythonTestReport = (outcome: ExecutionOutcome): TestReport =>
  readTestReport(outcome, (report, exitCode) =>
    report.trimStart().startsWith("<")
      ? { results: parseJunit(report), complete: exitCode !== null && finished.includes(exitCode) }
      : parseResultLines(report),
  );
