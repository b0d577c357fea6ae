import type { TestReport } from "./execution.ts";

/** Tests of a module that nobody but us knows: one passes and one fails, whatever the candidate is. */
export type Canary = { readonly passes: string; readonly fails: string };

/**
 * Why the real run cannot be trusted, seen from a second run of some of its tests beside the canary; null when both
 * agree. `expected` are the ids that must pass. An attack has to lie in the first run and to tell the truth about the
 * canary in the second; telling them apart takes code that looks for what is odd about either, which a reviewer can see.
 */
export function disagreement(
  real: TestReport,
  second: TestReport,
  canary: Canary,
  expected: readonly string[],
): string | null {
  if (second.crashed !== null) return `in a second run ${second.crashed}`;
  const before = statuses(real);
  const after = statuses(second);
  if (after.get(canary.fails) !== "failed") {
    return `in a second run a test that must fail was reported as ${after.get(canary.fails) ?? "missing"}`;
  }
  if (after.get(canary.passes) !== "passed") {
    return `in a second run a test that must pass was reported as ${after.get(canary.passes) ?? "missing"}`;
  }
  if (second.doubt !== undefined) return `in a second run ${second.doubt}`;
  const lost = expected.filter(
    (id) => before.get(id) === "passed" && after.has(id) && after.get(id) !== "passed",
  );
  return lost.length === 0 ? null : `${lost[0]} passed in one run and not in the other`;
}

const statuses = (report: TestReport): ReadonlyMap<string, string> =>
  new Map(report.results.map((test) => [test.id, test.status]));
