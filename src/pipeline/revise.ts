import { conclude } from "../domain/conclude.ts";
import { changesFrom, composeChanges } from "../domain/compose-changes.ts";
import type { FileChange } from "../domain/edit.ts";
import type { RepairResult } from "../domain/evidence.ts";
import { patchSize, unifiedDiff } from "../domain/patch.ts";
import { pocsPassed, type Verdict } from "../domain/verdict.ts";
import { rememberReadings } from "../languages/remembered.ts";
import { planTestRuns, runBaseline } from "./baseline.ts";
import { candidateOf, verdictOf } from "./check-patch.ts";
import { tooLarge } from "./changes-of-answer.ts";
import { openContest, type Round } from "./contest.ts";
import { evidenceOf } from "./evidence-of.ts";
import { generate } from "./generate.ts";
import { tryKnownScripts, type KnownScript } from "./known-scripts.ts";
import { recordRepair } from "./record-stages.ts";
import { beginChains, isPoc, reproductionOf } from "./reproduce.ts";
import { reviseTask, type UnderReview } from "./revise-task.ts";
import { createSourceReader } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";
import { together } from "./together.ts";
import type { SampleEnd } from "./written-sample.ts";

type Proposed = Extract<RepairResult, { kind: "proposed" }>;

export type Revision =
  /** The patch as a whole, judged from its base commit, and what leads to it from the head. */
  | { readonly kind: "better"; readonly result: Proposed; readonly edit: readonly FileChange[] }
  | { readonly kind: "nothing-better"; readonly why: string; readonly result: RepairResult };

/**
 * Revises a patch of the context's commit: samples against its head, each judged as a whole patch like any candidate, and
 * the best one taken when it shows no less than the head does. Throws like `repair`.
 */
export const revise = (
  outer: StageContext,
  review: UnderReview,
  known: readonly KnownScript[],
): Promise<Revision> => {
  const language = rememberReadings(outer.language);
  // both of these would show code of the base commit to models that wrote against the head
  return together({ ...outer, language, critiqueRounds: 0, feedbackTurns: 0 }, async (context, beside) => {
    const { head, changes } = review;
    const chains = await chainsOf(context, known);
    const reproduction = beside(reproductionOf(chains));
    const suspects = changes.map(({ path }) => path).filter((path) => language.isSource(path));
    const planned = beside(planTestRuns(context, suspects));
    const tests = beside(planned.then((runs) => runBaseline(context, runs)));
    const pocs = chains.map((chain) => beside(chain.then((found) => (isPoc(found) ? found : null))));
    const measures = { pocs, planned, tests };
    const before = beside(verdictOf(context, candidateOf(language, changes), measures));

    const contest = openContest(context, measures, createSourceReader(context.checkout));
    const task = await reviseTask(context, review);
    if (task !== null) {
      const edits = generate({ ...context, checkout: head }, task, createSourceReader(head));
      await contest.run(onTopOf(context, changes, edits));
    }
    const files = changes.map(({ path }) => ({ path, votes: 0 }));
    const localization = { files, locations: [], sources: [] };
    const { baseline } = await tests;
    const evidence = await evidenceOf(context, { localization, contest, baseline, ...(await reproduction) });
    const result = conclude(evidence);
    await recordRepair(context, result);
    return weigh(result, await before, changes);
  });
};

/** Scripts that an earlier run confirmed; where none of them shows the issue any more, new ones. */
async function chainsOf(context: StageContext, known: readonly KnownScript[]) {
  const chains = tryKnownScripts(context, known);
  const again = await reproductionOf(chains);
  return again.pocs.length > 0 ? chains : beginChains(context);
}

/** Samples that edit the head, as patches of the base commit. */
const onTopOf = (context: StageContext, changes: readonly FileChange[], edits: Round): Round => ({
  samples: edits.samples,
  write: (onEnd, unneeded) =>
    edits.write((end, index) => onEnd(wholePatch(context, changes, end), index), unneeded),
});

/**
 * Limits and size are those of the patch that the pull request would come to; one that people made larger than the limits may
 * be revised, but not grow.
 */
function wholePatch(context: StageContext, changes: readonly FileChange[], end: SampleEnd): SampleEnd {
  if (end.kind !== "written") return end;
  const { sample } = end.written;
  const whole = composeChanges(changes, end.written.changes);
  const nothing = { reason: "no-change", detail: "it takes the whole patch back" } as const;
  const grows = patchSize(whole) > patchSize(changes) || whole.length > changes.length;
  const refused = whole.length === 0 ? nothing : grows ? tooLarge(context, whole) : null;
  if (refused !== null) return { kind: "rejected", rejected: { sample, ...refused } };
  const own = { changes: whole, patch: unifiedDiff(whole), size: patchSize(whole) };
  return { kind: "written", written: { ...end.written, ...own } };
}

function weigh(result: RepairResult, before: Verdict, changes: readonly FileChange[]): Revision {
  if (result.kind === "declined") return { kind: "nothing-better", why: result.explanation, result };
  const [now, then] = [pocsPassed(result.verdict), pocsPassed(before)];
  if (now < then) {
    const why = `With the best revision ${now} scripts say that the issue is gone, and with the patch as it is ${then}.`;
    return { kind: "nothing-better", why, result };
  }
  const untested = result.verdict.tests.kind === "not-run" && before.tests.kind === "ran";
  if (untested)
    return { kind: "nothing-better", why: "The tests could not be run with the best revision.", result };
  return { kind: "better", result, edit: changesFrom(changes, result.winner.changes) };
}
