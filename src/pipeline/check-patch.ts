import { classKey } from "../domain/candidate-class.ts";
import type { Candidate } from "../domain/candidate.ts";
import { levelOf } from "../domain/conclude.ts";
import type { FileChange } from "../domain/edit.ts";
import type { Evidence, RepairResult } from "../domain/evidence.ts";
import { patchSize, unifiedDiff } from "../domain/patch.ts";
import type { FailedPoc, Poc } from "../domain/poc.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { Language } from "../languages/language.ts";
import { rememberReadings } from "../languages/remembered.ts";
import { findFlags } from "./alarms.ts";
import { planTestRuns, runBaseline } from "./baseline.ts";
import { withoutOwnTests } from "./own-tests.ts";
import { provenanceOf } from "./provenance.ts";
import { beginChains, isPoc, reproductionOf, type Reproduction } from "./reproduce.ts";
import type { StageContext } from "./stage-context.ts";
import { together } from "./together.ts";
import { confirm, needsSecondRun, validate, type Measures } from "./validate.ts";

/** A patch that is there, judged as if a model had written it. */
export type CheckedPatch = Extract<RepairResult, { kind: "proposed" }>;

/** Begins the scripts that a patch is judged by. */
export type BeginScripts = (context: StageContext) => readonly Promise<Poc | FailedPoc>[];

/**
 * Judges a patch of the context's commit, whoever wrote it: scripts, from the problem statement alone where none are given,
 * shown on the commit first, then both runs of the tests. Throws like `repair`.
 */
export const checkPatch = (
  outer: StageContext,
  changes: readonly FileChange[],
  begin: BeginScripts = beginChains,
): Promise<CheckedPatch> =>
  together({ ...outer, language: rememberReadings(outer.language) }, async (context, beside) => {
    const candidate = candidateOf(context.language, changes);
    const chains = begin(context);
    const reproduction = beside(reproductionOf(chains));
    const suspects = changes.map(({ path }) => path).filter((path) => context.language.isSource(path));
    const planned = beside(planTestRuns(context, suspects));
    const measures: Measures = {
      pocs: chains.map((chain) => beside(chain.then((found) => (isPoc(found) ? found : null)))),
      planned,
      tests: beside(planned.then((runs) => runBaseline(context, runs))),
    };
    const verdict = await verdictOf(context, candidate, measures);
    return checkedPatch(context, candidate, verdict, await reproduction, (await measures.tests).baseline);
  });

/** A patch that nobody sampled. */
export function candidateOf(language: Language, changes: readonly FileChange[]): Candidate {
  const id = classKey(changes, (path, text) => (language.isSource(path) ? language.normalForm(text) : null));
  return { id, changes, patch: unifiedDiff(changes), samples: [], refines: null, restored: [] };
}

/** The verdict with the second run that only a leader needs. */
export async function verdictOf(
  context: StageContext,
  candidate: Candidate,
  measures: Measures,
): Promise<Verdict> {
  context.progress({ stage: "validate", text: "executing the patch" });
  const checked = await validate(context, candidate, measures);
  if (!needsSecondRun(checked)) return checked.verdict;
  return { ...checked.verdict, tests: await confirm(context, checked, measures) };
}

async function checkedPatch(
  context: StageContext,
  candidate: Candidate,
  verdict: Verdict,
  { pocs, failed }: Reproduction,
  baseline: Evidence["baseline"],
): Promise<CheckedPatch> {
  const { changes } = candidate;
  const size = patchSize(changes);
  const { language, usage } = context;
  return {
    kind: "proposed",
    level: levelOf(verdict, baseline),
    winner: candidate,
    verdict,
    evidence: {
      baseSha: context.checkout.baseSha,
      files: changes.map(({ path }) => ({ path, votes: 0 })),
      locations: [],
      samples: 0,
      unneeded: 0,
      stopped: null,
      feedback: [],
      rejected: [],
      candidates: [candidate],
      pocs,
      scripts: { fence: language.fences[0], repeat: language.repeat },
      failedPocs: failed,
      baseline,
      ranking: { ordered: [{ candidate, verdict, size }], decidedBy: null },
      flags: findFlags(language, withoutOwnTests(context, changes).changes),
      sandbox: context.isolation,
      models: usage.models(),
      usage: usage.total(),
      provenance: await provenanceOf(context),
    },
  };
}
