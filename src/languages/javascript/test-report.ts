import type { ExecutionOutcome, TestReport, TestResult } from "../../domain/execution.ts";
import { parseJunit } from "../junit-report.ts";
import { parseJson, parseResultLines } from "../result-lines.ts";
import { readTestReport, type ParsedReport } from "../test-report.ts";
import { parseJestReport } from "./jest-report.ts";

/**
 * Jest and vitest leave one JSON object, our reporters for mocha, jasmine and node:test lines. A report that does not go
 * with the exit status is not believed: runners end with 0 when, and only when, nothing failed.
 */
export const readJavaScriptTestReport = (outcome: ExecutionOutcome): TestReport =>
  readTestReport(outcome, (report, exitCode) => {
    const { results, complete } = parse(report);
    if (results === null) return { results, complete };
    return { results, complete: complete && (exitCode === 0) === !results.some(failed) };
  });

function parse(report: string): ParsedReport {
  if (report.trimStart().startsWith("<")) return { results: parseJunit(report), complete: true };
  return report.startsWith('{"root":') ? parseJestReport(parseJson(report)) : parseResultLines(report);
}

const failed = ({ status }: TestResult): boolean => status === "failed" || status === "errored";
