import type { Candidate } from "../../domain/candidate.ts";
import { groupByClass } from "../../domain/candidate-class.ts";
import type { FailedPoc, Poc } from "../../domain/poc.ts";
import type { TestVerdict, Verdict } from "../../domain/verdict.ts";
import { rememberReadings } from "../../languages/remembered.ts";
import { measureBaseline, type TestBase } from "../../pipeline/baseline.ts";
import { reproduce } from "../../pipeline/reproduce.ts";
import type { StageContext } from "../../pipeline/stage-context.ts";
import { confirm, knownMeasures, needsSecondRun, validate, type Measures } from "../../pipeline/validate.ts";
import { applyPool, type OfferedPatch, type PoolSample } from "./pool-samples.ts";
import { suspectsOf } from "./suspects.ts";

/** What the pipeline may judge a candidate by. */
export type Means = "pocs-and-tests" | "pocs" | "tests";

/** A class of patches, judged by each means as if it had no other. */
export type JudgedClass = {
  readonly verdicts: Readonly<Record<Means, Verdict>>;
  /** What the tests say after a second run of them; null where the pipeline makes none. */
  readonly confirmed: TestVerdict | null;
};

/** A pool with all that was executed for it; labels have no part in it. */
export type JudgedPool = {
  readonly samples: readonly PoolSample[];
  readonly classes: ReadonlyMap<string, JudgedClass>;
  readonly suspects: readonly string[];
  readonly pocs: readonly Poc[];
  /** Chains of scripts that never showed the issue. */
  readonly failedPocs: readonly FailedPoc[];
  /** Normal forms of the scripts by their ids; null for one that does not parse. */
  readonly scriptForms: ReadonlyMap<string, string | null>;
  readonly tests: TestBase;
};

/**
 * Every class of a pool judged by the pipeline itself, once for each means and with the second run that it makes for a
 * leader, so that any choice among any part of the pool can be replayed. Equal executions are one step of the journal.
 */
export async function judgePool(
  outer: StageContext,
  pool: readonly OfferedPatch[],
  onJudged: (done: number, total: number) => void,
): Promise<JudgedPool> {
  const abort = new AbortController();
  const context = {
    ...outer,
    language: rememberReadings(outer.language),
    signal: AbortSignal.any([outer.signal, abort.signal]),
  };
  const samples = await applyPool(context, pool);
  const suspects = suspectsOf(samples, context.language, context.profile.topFiles);
  const written = samples.flatMap(({ end }) => (end.kind === "written" ? [end.written] : []));
  const candidates = groupByClass(written).map(({ candidate }) => candidate);
  const tasks: Promise<unknown>[] = [];
  const beside = <T>(task: Promise<T>): Promise<T> => {
    tasks.push(task);
    task.catch((error: unknown) => abort.abort(error));
    return task;
  };
  try {
    const [{ pocs, failed: failedPocs }, tests] = await Promise.all([
      beside(reproduce(context)),
      beside(measureBaseline(context, suspects)),
    ]);
    const judge = judgeBy(context, pocs, tests);
    let done = 0;
    const judged = await Promise.all(
      candidates.map((candidate) =>
        beside(
          judge(candidate).then((one) => {
            onJudged((done += 1), candidates.length);
            return [candidate.id, one] as const;
          }),
        ),
      ),
    );
    const scriptForms = new Map(pocs.map(({ id, source }) => [id, context.language.normalForm(source)]));
    return { samples, classes: new Map(judged), suspects, pocs, failedPocs, scriptForms, tests };
  } finally {
    // what was begun ahead is called off; after a failure, the first one tells more than those that follow from it
    abort.abort(new Error("the pool is judged"));
    await Promise.allSettled(tasks);
  }
}

/** Tests first: what is executed for them is what the other means ask for again. */
function judgeBy(
  context: StageContext,
  pocs: readonly Poc[],
  tests: TestBase,
): (candidate: Candidate) => Promise<JudgedClass> {
  const [both, byPocs, byTests] = [
    knownMeasures(pocs, tests),
    knownMeasures(pocs, withoutTests),
    knownMeasures([], tests),
  ];
  return async (candidate) => {
    const tested = await validate(context, candidate, byTests);
    const confirmed = needsSecondRun(tested) ? await confirm(context, tested, byTests) : null;
    const verdictBy = async (measures: Measures): Promise<Verdict> =>
      (await validate(context, candidate, measures)).verdict;
    const verdicts = {
      tests: tested.verdict,
      pocs: await verdictBy(byPocs),
      "pocs-and-tests": await verdictBy(both),
    };
    return { verdicts, confirmed };
  };
}

const withoutTests: TestBase = {
  plan: null,
  canary: null,
  baseline: { kind: "none", reason: "the tests are left out of this comparison" },
};
