import { exitStatusId, type TestReport } from "./execution.ts";

/** The file of an added test, run on both sides of a patch; twice where the test is in it. */
export type AddedTestRuns = {
  readonly base: TestReport;
  readonly head: TestReport;
  readonly addedToBase: readonly [TestReport, TestReport];
  readonly addedToHead: readonly [TestReport, TestReport];
};

export type AddedTestVerdict =
  /** Ids of the tests that fail without the patch and pass with it. */
  | { readonly kind: "holds"; readonly tests: readonly string[] }
  | { readonly kind: "rejected"; readonly why: string };

/**
 * Whether an added test is worth a commit: it fails on the base commit each time, passes with the patch each time, and the
 * tests beside it end as they did.
 */
export function judgeAddedTest(runs: AddedTestRuns): AddedTestVerdict {
  const broken =
    brokenIn("with the patch", runs.addedToHead) ?? brokenIn("on the base commit", runs.addedToBase);
  if (broken !== null) return { kind: "rejected", why: broken };

  const [withPatch, onBase] = [runs.addedToHead.map(statusesOf), runs.addedToBase.map(statusesOf)];
  const [known, before] = [statusesOf(runs.head), statusesOf(runs.base)];
  const passes = (id: string): boolean => withPatch.every((seen) => seen.get(id) === "passed");
  const lost = [...known].find(([id, status]) => status === "passed" && !passes(id));
  if (lost !== undefined)
    return { kind: "rejected", why: `with it ${lost[0]} does not pass any more, which it did before` };

  // of a command that leaves no report the whole run is the one test
  const added = [...new Set(withPatch.flatMap((seen) => [...seen.keys()]))].filter(
    (id) => id === exitStatusId || !known.has(id),
  );
  if (added.length === 0) return { kind: "rejected", why: "the test runner finds no new test" };
  const failing = added.find((id) => withPatch.some((seen) => isFailure(seen.get(id))));
  if (failing !== undefined) return { kind: "rejected", why: `${failing} fails with the patch` };
  const tests = added.filter(
    (id) => passes(id) && !isFailure(before.get(id)) && onBase.every((seen) => isFailure(seen.get(id))),
  );
  return tests.length > 0
    ? { kind: "holds", tests }
    : { kind: "rejected", why: `${added[0]} does not fail on the base commit, so it shows nothing` };
}

function brokenIn(where: string, reports: readonly TestReport[]): string | null {
  for (const { crashed, doubt } of reports) {
    if (crashed !== null) return `${where} ${crashed}`;
    if (doubt !== undefined) return `${where} the run cannot be trusted: ${doubt}`;
  }
  return null;
}

const statusesOf = ({ results }: TestReport): ReadonlyMap<string, string> =>
  new Map(results.map(({ id, status }) => [id, status]));

const isFailure = (status: string | undefined): boolean => status === "failed" || status === "errored";
