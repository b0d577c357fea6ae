import type { Baseline, Evidence, ScriptNotes } from "../domain/evidence.ts";
import type { FailedPoc, Poc } from "../domain/poc.ts";
import { rank } from "../domain/ranking.ts";
import { findFlags } from "./alarms.ts";
import type { Contest } from "./contest.ts";
import type { Localization } from "./localize.ts";
import { withoutOwnTests } from "./own-tests.ts";
import { provenanceOf } from "./provenance.ts";
import { stopReason } from "./sample.ts";
import type { StageContext } from "./stage-context.ts";

type Parts = {
  readonly localization: Localization;
  readonly contest: Contest;
  readonly baseline: Baseline;
  readonly pocs: readonly Poc[];
  readonly failed: readonly FailedPoc[];
};

/** All that a finished repair can show, with the last vote. */
export async function evidenceOf(context: StageContext, parts: Parts): Promise<Evidence> {
  const { localization, contest, baseline, pocs, failed } = parts;
  const judged = contest.contestants().map((one) => one.judged);
  const ranking = rank(judged, context.rankingMethod);
  const chosen = ranking.ordered[0]?.candidate.changes ?? [];
  const [unwritten, unneeded] = [contest.calledOff("stopped"), contest.calledOff("unneeded")];
  return {
    baseSha: context.checkout.baseSha,
    files: localization.files,
    locations: localization.locations,
    samples: contest.asked() - unwritten - unneeded,
    unneeded,
    stopped: cutShort(context, localization, unwritten),
    feedback: contest.turns(),
    rejected: contest.rejected(),
    candidates: contest.candidates(),
    pocs,
    scripts: scriptNotes(context),
    failedPocs: failed,
    baseline,
    ranking,
    flags: findFlags(context.language, withoutOwnTests(context, chosen).changes),
    sandbox: context.isolation,
    models: context.usage.models(),
    usage: context.usage.total(),
    provenance: await provenanceOf(context),
  };
}

/** Null when everything was written before anybody asked to finish, or the time was nearly over. */
function cutShort(
  { stop, budget }: StageContext,
  { files }: Localization,
  unwritten: number,
): Evidence["stopped"] {
  if (unwritten === 0 && files.length > 0) return null;
  if (stop.aborted) return { why: stopReason(stop), unwritten };
  return budget.isLate() ? { why: "its time was nearly over", unwritten } : null;
}

/** How this run's scripts are shown and repeated. */
export const scriptNotes = ({ language }: StageContext): ScriptNotes => ({
  fence: language.fences[0],
  repeat: language.repeat,
});
