import type { JudgedClass, JudgedPool } from "../../../src/eval/selection/judge-pool.ts";
import type { PocResult, TestVerdict } from "../../../src/domain/verdict.ts";
import { endOf, written } from "../../pipeline/written.ts";
import { exited } from "../../fakes/fake-sandbox.ts";
import { poc, tests } from "../../pipeline/verdict-of.ts";

/** A pool's patch by id, the class it falls into, and how many lines it changes. */
export type Patch = { readonly id: string; readonly key: string; readonly size?: number };

type Findings = {
  /** Whether the one script says that the issue is gone; null where it was not run. */
  readonly fixed?: boolean;
  readonly breaks?: readonly string[];
  /** What a second run breaks. */
  readonly breaksAgain?: readonly string[];
};

export const ran = (regressions: readonly string[]): TestVerdict => ({ kind: "ran", passed: 1, regressions });
const spared: TestVerdict = { kind: "not-run", because: "fails-every-poc", reason: "fixes nothing" };
const untested: TestVerdict = { kind: "not-run", because: "no-baseline", reason: "left out" };

/** A class as `judgePool` would have judged it by one script and by the tests. */
function judgedClass(
  candidate: string,
  { fixed = true, breaks = [], breaksAgain = breaks }: Findings,
): JudgedClass {
  const result: PocResult = {
    poc: "asserting-1",
    result: fixed ? "fixed" : "still-broken",
    judgedBy: "rule",
    outcome: exited(fixed ? 0 : 1),
    printed: "",
    unchanged: false,
  };
  return {
    verdicts: {
      "pocs-and-tests": { candidate, pocs: [result], tests: fixed ? ran(breaks) : spared },
      pocs: { candidate, pocs: [result], tests: fixed ? untested : spared },
      tests: { candidate, pocs: [], tests: ran(breaks) },
    },
    confirmed: breaks.length === 0 ? ran(breaksAgain) : null,
  };
}

/** A pool of one script and one baseline test; a patch without a class was rejected. */
export const judgedPool = (
  patches: readonly Patch[],
  findings: Readonly<Record<string, Findings>>,
): JudgedPool => ({
  samples: patches.map(({ id, key, size = 2 }, index) => ({
    id,
    end:
      key === ""
        ? { kind: "rejected", rejected: { sample: id, reason: "syntax-error", detail: "line 1" } }
        : endOf({ ...written(index, key, { size }), sample: id }),
  })),
  classes: new Map(Object.entries(findings).map(([key, found]) => [key, judgedClass(key, found)])),
  suspects: ["a.py"],
  pocs: [poc("asserting-1", "asserting")],
  failedPocs: [],
  scriptForms: new Map([["asserting-1", "(module print )"]]),
  tests,
});
