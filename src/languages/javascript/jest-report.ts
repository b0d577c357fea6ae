import { z } from "zod";
import type { TestResult } from "../../domain/execution.ts";
import type { ParsedReport } from "../test-report.ts";

const Assertion = z.object({
  ancestorTitles: z.array(z.string()),
  title: z.string(),
  status: z.string(),
  duration: z.number().nullish(),
});

const Suite = z.object({
  name: z.string(),
  status: z.string(),
  assertionResults: z.array(Assertion),
});

const Report = z.object({
  numTotalTests: z.number(),
  success: z.boolean(),
  testResults: z.array(Suite),
});

const Wrapped = z.object({ root: z.string(), report: Report });

const statuses: Readonly<Record<string, TestResult["status"]>> = { passed: "passed", failed: "failed" };

/**
 * The JSON report of jest and vitest, which run writes when it has ended. A file that failed without a failing test could
 * not be loaded, or failed outside of its tests: that is a result of its own.
 */
export function parseJestReport(value: unknown): ParsedReport {
  const wrapped = Wrapped.safeParse(value);
  if (!wrapped.success) return { results: null, complete: false };
  const { root, report } = wrapped.data;
  const results: TestResult[] = [];
  let tests = 0;
  for (const suite of report.testResults) {
    const file = suite.name.startsWith(`${root}/`) ? suite.name.slice(root.length + 1) : suite.name;
    for (const test of suite.assertionResults) {
      tests += 1;
      results.push({
        id: [file, ...test.ancestorTitles, test.title].join(" > "),
        status: statuses[test.status] ?? "skipped",
        seconds: Math.max(0, test.duration ?? 0) / 1000,
      });
    }
    if (suite.status === "failed" && !suite.assertionResults.some(({ status }) => status === "failed")) {
      results.push({ id: file, status: "errored", seconds: 0 });
    }
  }
  const failed = results.some(({ status }) => status === "failed" || status === "errored");
  return { results, complete: tests === report.numTotalTests && report.success === !failed };
}
