import type { Baseline, Evidence, ScriptNotes } from "../domain/evidence.ts";
import type { FailedPoc, Poc } from "../domain/poc.ts";
import { rank } from "../domain/ranking.ts";
import { findFlags } from "./alarms.ts";
import type { Contest } from "./contest.ts";
import type { Localization } from "./localize.ts";
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
export function evidenceOf(context: StageContext, parts: Parts): Evidence {
  const { localization, contest, baseline, pocs, failed } = parts;
  const judged = contest.contestants().map((one) => one.judged);
  const ranking = rank(judged, context.rankingMethod);
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
    flags: findFlags(context.language, ranking.ordered[0]?.candidate.changes ?? []),
    sandbox: context.isolation,
    models: context.usage.models(),
    usage: context.usage.total(),
  };
}

/** Null when everything was written before anybody asked to finish. */
const cutShort = ({ stop }: StageContext, { files }: Localization, unwritten: number): Evidence["stopped"] =>
  stop.aborted && (unwritten > 0 || files.length === 0) ? { why: stopReason(stop), unwritten } : null;

/** How this run's scripts are shown and repeated. */
export const scriptNotes = ({ language }: StageContext): ScriptNotes => ({
  fence: language.fences[0],
  repeat: language.repeat,
});
