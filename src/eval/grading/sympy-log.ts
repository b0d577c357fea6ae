import { withoutColours } from "../../domain/visible-text.ts";
import type { TestLog } from "../metrics/resolved.ts";

/** `X` is a failure that was expected, `f` one in a test that is marked so. */
const told = /^(test_\w+) (ok|F|E|f|X)(?: |$)/;
const heading = /^_+ \S+:(test_\w+) _+$/;

/** Tests by name as `bin/test --verbose` of sympy tells them; one whose failure is printed at the end failed. */
export function sympyResults(output: string): TestLog {
  const lines = withoutColours(output).split("\n");
  const results = new Map<string, "passed" | "failed">();
  for (const line of lines) {
    const [, name, status] = told.exec(line) ?? [];
    if (name !== undefined) results.set(name, status === "F" || status === "E" ? "failed" : "passed");
  }
  for (const line of lines) {
    const [, name] = heading.exec(line.trimEnd()) ?? [];
    if (name !== undefined) results.set(name, "failed");
  }
  return results;
}
