import { z } from "zod";
import type { TestResult } from "../domain/execution.ts";
import type { ParsedReport } from "./test-report.ts";

const Line = z.union([
  z.object({
    id: z.string().min(1),
    status: z.enum(["passed", "failed", "errored", "skipped"]),
    seconds: z.number().nonnegative(),
  }),
  z.object({ end: z.literal(true) }),
]);

/**
 * The format of our own reporters: a JSON object a line, one per test, and `{"end":true}` last. Without that the run was
 * cut off and the report is incomplete.
 */
export function parseResultLines(report: string): ParsedReport {
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

/** Any text as JSON, null when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
