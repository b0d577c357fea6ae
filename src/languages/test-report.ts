import {
  describeOutcome,
  maxReportBytes,
  type ExecutionOutcome,
  type TestReport,
  type TestResult,
} from "../domain/execution.ts";

/** What a report file says; `results` is null for a file that is damaged, `complete` false for a run that broke off. */
export type ParsedReport = { readonly results: readonly TestResult[] | null; readonly complete: boolean };

/**
 * The results in the report file that a test plan's script left. Nothing is read from what the tests print. Statuses
 * of a test that is reported more than once are joined: it passed only if it passed each time.
 */
export function readTestReport(
  outcome: ExecutionOutcome,
  parse: (report: string, exitCode: number | null) => ParsedReport,
): TestReport {
  if (outcome.kind === "not-started") return { results: [], crashed: `not started: ${outcome.reason}` };
  const { report } = outcome;
  if (report === null || report === "" || report.length > maxReportBytes) {
    const larger = `or one of more than ${maxReportBytes / 2 ** 20} MB`;
    return { results: [], crashed: `the tests left no report, ${larger} (${describeOutcome(outcome)})` };
  }

  const parsed = parseOrDamaged(() => parse(report, outcome.kind === "exited" ? outcome.exitCode : null));
  if (parsed.results === null) return { results: [], crashed: "the test report is damaged" };
  const results = joinRepeated(parsed.results);
  if (outcome.kind !== "exited") return { results, crashed: `the tests ${describeOutcome(outcome)}` };
  if (!parsed.complete) return { results, crashed: `the tests broke off (${describeOutcome(outcome)})` };
  return { results, crashed: results.length === 0 ? "no test was found in the selected files" : null };
}

/** Parsers throw at what they do not allow (external entities, endless nesting); to us that is a damaged report. */
function parseOrDamaged(parse: () => ParsedReport): ParsedReport {
  try {
    return parse();
  } catch {
    return { results: null, complete: false };
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
