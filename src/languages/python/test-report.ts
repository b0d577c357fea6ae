import { z } from "zod";
import {
  describeOutcome,
  type ExecutionOutcome,
  type TestReport,
  type TestResult,
} from "../../domain/execution.ts";
import { parseJunit } from "./junit-report.ts";

const maxReportBytes = 20 * 2 ** 20;

const Line = z.union([
  z.object({
    id: z.string().min(1),
    status: z.enum(["passed", "failed", "errored", "skipped"]),
    seconds: z.number().nonnegative(),
  }),
  z.object({ end: z.literal(true) }),
]);

/** Exit statuses of pytest and unittest after which the report is complete: all passed, some failed, none found. */
const finished = [0, 1, 5];

/**
 * The results in the report file that a test plan's script left. Nothing is read from what the tests print. Statuses
 * of a test that is reported more than once are joined: it passed only if it passed each time.
 */
export function readPythonTestReport(outcome: ExecutionOutcome): TestReport {
  if (outcome.kind === "not-started") return { results: [], crashed: describeOutcome(outcome) };
  const { report } = outcome;
  if (report === null || report === "") {
    return { results: [], crashed: `the tests left no report (${describeOutcome(outcome)})` };
  }
  if (report.length > maxReportBytes) return { results: [], crashed: "the test report is too large" };

  const isXml = report.trimStart().startsWith("<");
  const parsed = isXml ? { results: parseJunit(report), complete: true } : parseLines(report);
  if (parsed.results === null) return { results: [], crashed: "the test report is damaged" };
  const results = joinRepeated(parsed.results);
  if (outcome.kind !== "exited") return { results, crashed: `the tests ${describeOutcome(outcome)}` };
  if (!parsed.complete) return { results, crashed: `the tests broke off (${describeOutcome(outcome)})` };
  if (isXml && !finished.includes(outcome.exitCode)) {
    return { results, crashed: `the test runner broke off (${describeOutcome(outcome)})` };
  }
  return { results, crashed: results.length === 0 ? "no test was found in the selected files" : null };
}

function parseLines(report: string): { results: readonly TestResult[] | null; complete: boolean } {
  const results: TestResult[] = [];
  let complete = false;
  for (const text of report.split("\n").filter((line) => line !== "")) {
    const line = Line.safeParse(parseJson(text));
    // The last line of a run that was killed may be cut.
    if (!line.success) return { results, complete: false };
    if ("end" in line.data) complete = true;
    else results.push(line.data);
  }
  return { results, complete };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const severity: readonly TestResult["status"][] = ["passed", "skipped", "failed", "errored"];

function joinRepeated(results: readonly TestResult[]): readonly TestResult[] {
  const joined = new Map<string, TestResult>();
  for (const result of results) {
    const before = joined.get(result.id);
    const worse =
      before !== undefined && severity.indexOf(before.status) > severity.indexOf(result.status)
        ? before
        : result;
    joined.set(result.id, { ...worse, seconds: (before?.seconds ?? 0) + result.seconds });
  }
  return [...joined.values()];
}
