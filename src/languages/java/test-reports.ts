import type { ExecutionOutcome, TestReport } from "../../domain/execution.ts";
import { parseJunit } from "../junit-report.ts";
import { parseResultLines } from "../result-lines.ts";
import { firstCompileError } from "./compile-error.ts";
import { readTestReport, type ParsedReport } from "../test-report.ts";

/** Where Surefire and Gradle leave one file per test class; nothing else of them is read. */
const find = `find . "$COPATCHER_OUT" -type f -name 'TEST-*.xml' \\( -path '*/surefire-reports/*' -o -path '*/test-results/*' -o -path '*/junit-reports/*' \\)`;

/** Shell that removes the reports of earlier runs. */
export const clearReports = `${find} -exec rm -f {} +`;

/**
 * Shell that joins the reports to the one file \`$report\`, if there are any. All CDATA is left out: in it is only what
 * tests printed, of any size. What they print cannot end it early, since writers split its end mark.
 */
export const mergeReports = `merge_reports() {
  ${find} | LC_ALL=C sort >"$COPATCHER_OUT/report-files"
  [ -s "$COPATCHER_OUT/report-files" ] || return 0
  {
    echo '<testsuites>'
    while IFS= read -r file; do awk '
      NR == 1 { sub(/^[^<]*<[?]xml[^>]*[?]>/, "") }
      !inside && /^ *<property [^<]*\\/>$/ { next }
      {
        rest = $0; kept = ""
        for (;;) {
          if (inside) {
            at = index(rest, "]]>")
            if (!at) { rest = ""; break }
            rest = substr(rest, at + 3); inside = 0
          }
          at = index(rest, "<![CDATA[")
          if (!at) break
          kept = kept substr(rest, 1, at - 1); rest = substr(rest, at + 9); inside = 1
        }
        if (kept rest != "") print kept rest
      }' "$file"; done <"$COPATCHER_OUT/report-files"
    echo '</testsuites>'
  } >"$report"
}`;

/** Surefire and Gradle leave JUnit XML, our JUnit 4 reporter and the command of the settings leave lines. */
export function readJavaTestReport(outcome: ExecutionOutcome): TestReport {
  const { results, crashed } = readTestReport(outcome, parse);
  const error = crashed === null || results.length > 0 ? null : compileErrorOf(outcome);
  // Gradle and old Surefires write a method's name with its parentheses.
  const named = results.map((test) => ({ ...test, id: test.id.replace(/\(\)$/, "") }));
  return { results: named, crashed: error === null ? crashed : `the code does not compile: ${error}` };
}

function parse(report: string, exitCode: number | null): ParsedReport {
  if (!report.trimStart().startsWith("<")) return parseResultLines(report);
  const results = parseJunit(report);
  const red = results?.some(({ status }) => status === "failed" || status === "errored") ?? false;
  // A build that failed although no test did has not run them all.
  return { results, complete: exitCode === 0 || (exitCode === 1 && red) };
}

/** The first error of javac; only ever a reason for people. */
function compileErrorOf(outcome: ExecutionOutcome): string | null {
  if (outcome.kind === "not-started") return null;
  const error = firstCompileError(`${outcome.stdout}\n${outcome.stderr}`.slice(0, 200_000));
  return error === null ? null : `${error.file}:${error.line}: ${error.message}`;
}
