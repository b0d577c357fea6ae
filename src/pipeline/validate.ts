import type { Candidate } from "../domain/candidate.ts";
import { digestOfOutput } from "../domain/output-digest.ts";
import type { Poc } from "../domain/poc.ts";
import type { PocResult, TestVerdict, Verdict } from "../domain/verdict.ts";
import type { Ahead } from "./ahead.ts";
import type { TestBase, TestRuns } from "./baseline.ts";
import type { Beside } from "./desk.ts";
import { notRun } from "./execute.ts";
import { judgePoc } from "./judge-fix.ts";
import {
  beginTests,
  confirmTests,
  isClean,
  judgeTests,
  type Subject,
  type TestedOnce,
  type TestsAhead,
} from "./judge-tests.ts";
import { judgeOwnTests, keepingRest, withoutOwnTests } from "./own-tests.ts";
import { runPocsPatiently, type Script } from "./run-pocs.ts";
import { patchedFiles, type Patched } from "./run-tests.ts";
import type { StageContext } from "./stage-context.ts";
import { judgeUneditedTests } from "./unedited-tests.ts";

/** What candidates are judged by; all of it comes while candidates are written. */
export type Measures = {
  /** One for each chain, null where it confirmed no script. */
  readonly pocs: readonly Promise<Poc | null>[];
  /** How the tests are run, before the base commit has had its runs. */
  readonly planned: Promise<TestRuns>;
  readonly tests: Promise<TestBase>;
};

export type Listener = {
  /** Takes what may go on when the verdict is there (see Desk). */
  readonly beside: Beside;
  /** Hears what each script says as soon as it does. */
  readonly onScript: (result: PocResult) => void;
};

/** Measures that are there before any candidate. */
export const knownMeasures = (pocs: readonly Poc[], tests: TestBase): Measures => ({
  pocs: pocs.map((poc) => Promise.resolve(poc)),
  planned: Promise.resolve(tests),
  tests: Promise.resolve(tests),
});

/** A verdict so far, and what a second run of the tests needs; null when there was no first. */
export type Checked = {
  readonly verdict: Verdict;
  readonly tested: {
    readonly subject: Subject;
    readonly once: TestedOnce;
    /** The second run, which may be under way. */
    readonly second: Ahead;
  } | null;
};

/**
 * A candidate in fresh copies of the base commit: each confirmed PoC as it comes, beside them, where places are free, the
 * repository's tests, then the verdicts. What the tests say of a candidate that fixes nothing counts for nothing: whether
 * they had begun is chance.
 */
export async function validate(
  context: StageContext,
  candidate: Candidate,
  measures: Measures,
  { beside, onScript }: Listener = nobody,
): Promise<Checked> {
  const { id } = candidate;
  const { changes, own } = withoutOwnTests(context, candidate.changes);
  const place = await context.environments.placeFor(changes);
  if (place.kind === "unable")
    return { verdict: await unrunVerdict(id, measures, place.reason), tested: null };

  const within = place.kind === "layer" ? { environment: place.reference } : {};
  const patched: Patched = { files: patchedFiles(changes), ...within };
  const subject = { id, changes, patched };
  const tests = beginTests(context, measures.planned, subject);
  beside(tests.first.ended);
  beside(tests.second.ended);

  const ended = runPocsPatiently(context, `candidate/${id}/pocs`, measures.pocs.map(scriptOf), patched);
  const judged = measures.pocs.map(async (coming, at) => {
    const [poc, end] = await Promise.all([coming, ended[at]]);
    if (poc === null) return [];
    const result = await judgePoc(context, poc, end ?? { outcome: notRun, end: null });
    if (result.result === "fixed") need(tests);
    else void tests.second.callOff();
    onScript(result);
    return [result];
  });
  const pocs = (await Promise.all(judged)).flat();
  if (pocs.length > 0 && pocs.every(({ result }) => result !== "fixed")) {
    callOff(tests);
    const reason = "no script says that the candidate fixes the issue";
    const unneeded = { kind: "not-run", because: "fails-every-poc", reason } as const;
    return { verdict: { candidate: id, pocs, tests: unneeded }, tested: null };
  }
  tests.first.need();
  const tested = await judgeTests(context, await measures.tests, subject);
  const withOwn = await judgeOwnTests(context, { id, all: candidate.changes, own, ...within }, tested);
  const once = await judgeUneditedTests(context, await measures.tests, { id, changes, ...within }, withOwn);
  if (!isClean(once.verdict)) void tests.second.callOff();
  return {
    verdict: { candidate: id, pocs, tests: once.verdict },
    tested: { subject, once, second: tests.second },
  };
}

/** Who passes a script may well be the one that is chosen. */
const need = ({ first, second }: TestsAhead): void => {
  first.need();
  second.need();
};

const callOff = ({ first, second }: TestsAhead): void => {
  void first.callOff();
  void second.callOff();
};

const nobody: Listener = { beside: () => undefined, onScript: () => undefined };

const scriptOf = async (coming: Promise<Poc | null>): Promise<Script | null> => {
  const poc = await coming;
  return poc === null ? null : { name: poc.id, source: poc.source };
};

async function unrunVerdict(candidate: string, measures: Measures, reason: string): Promise<Verdict> {
  const pocs = (await Promise.all(measures.pocs)).flatMap((poc) => poc ?? []);
  return {
    candidate,
    pocs: pocs.map((poc) => nothingShown(poc, reason)),
    tests: { kind: "not-run", because: "cannot-run", reason },
  };
}

function nothingShown(poc: Poc, reason: string): PocResult {
  const outcome = { kind: "not-started", reason } as const;
  const printed = digestOfOutput(outcome);
  return {
    poc: poc.id,
    result: "inconclusive",
    judgedBy: "rule",
    outcome,
    printed,
    unchanged: false,
    reason,
  };
}

/**
 * The second run, which counts only for the candidate that would be chosen, and for the next one when that one fails it. Where
 * places were free it was begun with the first.
 */
export async function confirm(
  context: StageContext,
  { verdict, tested }: Checked,
  measures: Measures,
): Promise<TestVerdict> {
  if (tested === null) return verdict.tests;
  const { subject, once, second } = tested;
  second.need();
  try {
    const confirmed = await confirmTests(context, await measures.tests, subject, once);
    return keepingRest(once.verdict, confirmed);
  } finally {
    void second.callOff();
  }
}

export const needsSecondRun = ({ verdict, tested }: Checked): boolean =>
  tested !== null && isClean(verdict.tests);
