import { conclude } from "../../domain/conclude.ts";
import type { Evidence, RepairResult } from "../../domain/evidence.ts";
import { noProvenance } from "../../domain/provenance.ts";
import { noUsage } from "../../domain/transcript.ts";
import type { ChoiceEnd } from "../metrics/selection.ts";
import type { Decision } from "./arms.ts";
import type { JudgedPool } from "./judge-pool.ts";

/** What a run that had drawn `samples` patches would have said of the decision: how loudly it proposes, or that it does not. */
export function conclusionOf(pool: JudgedPool, { ordered }: Decision, samples: number): RepairResult {
  const evidence: Evidence = {
    baseSha: "",
    files: pool.suspects.map((path) => ({ path, votes: samples })),
    locations: [],
    samples,
    unneeded: 0,
    stopped: null,
    feedback: [],
    rejected: [],
    candidates: ordered.map(({ candidate }) => candidate),
    // an arm that chooses without scripts concludes without them, too
    pocs: ordered.some(({ verdict }) => verdict.pocs.length > 0) ? pool.pocs : [],
    scripts: { fence: "", repeat: "" },
    failedPocs: [],
    baseline: pool.tests.baseline,
    ranking: { ordered, decidedBy: null },
    flags: [],
    sandbox: "",
    models: {},
    usage: noUsage,
    provenance: noProvenance,
  };
  return conclude(evidence);
}

/** How loudly it would have been proposed. */
export const endOf = (result: RepairResult): Exclude<ChoiceEnd, "picked"> =>
  result.kind === "declined" ? "declined" : result.level === "validated" ? "validated" : "proposed";
