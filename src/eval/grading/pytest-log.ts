import { withoutColours } from "../../domain/visible-text.ts";
import type { TestLog } from "../metrics/resolved.ts";

const summary = /^=+ short test summary info =+$/;
const told = /^(PASSED|FAILED|ERROR|XFAIL|XPASS) (\S.*)$/;

/**
 * Tests by name as the summary of `pytest -rA` tells them. Only what stands behind the summary's last heading counts: code
 * under test may print such lines before it.
 */
export function pytestResults(output: string): TestLog {
  const lines = withoutColours(output).split("\n");
  const heading = lines.findLastIndex((line) => summary.test(line.trimEnd()));
  const results = new Map<string, "passed" | "failed">();
  for (const line of heading === -1 ? [] : lines.slice(heading + 1)) {
    const [, status, rest = ""] = told.exec(line.trimEnd()) ?? [];
    if (status === undefined) continue;
    const name = status === "PASSED" ? rest : (rest.split(" - ")[0] ?? rest);
    const passed = status === "PASSED" || status.startsWith("X");
    // an error at the end of a test is told beside its pass
    if (results.get(name) !== "failed") results.set(name, passed ? "passed" : "failed");
  }
  return results;
}

const section = /^=+ (.+?) =+$/;
/** What passed tests printed, and the list of all tests: with `-rA` they stand behind the failures, and are longer. */
const untold: readonly string[] = ["PASSES", "short test summary info"];

/** The output of `pytest -rA` without the sections that tell nothing of failures. */
export function pytestFailures(output: string): string {
  let shown = true;
  const lines = withoutColours(output).split("\n");
  return lines
    .filter((line) => {
      const [, title] = section.exec(line.slice(0, longestHeading).trimEnd()) ?? [];
      if (title !== undefined) shown = !untold.includes(title);
      return shown;
    })
    .join("\n");
}

/** pytest's headings are as wide as its terminal; output is hostile. */
const longestHeading = 500;
