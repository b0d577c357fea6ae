import type { Evidence } from "../domain/evidence.ts";
import type { PullRequestSettings } from "../domain/settings/pull-request.ts";
import type { Verdict, JudgedCandidate } from "../domain/verdict.ts";
import { alternativesSection, locationsSection, pocSection, rejectedSection } from "./evidence-sections.ts";
import { plainLine, section, type Section } from "./markdown.ts";

/** What stands folded at a pull request's end; of a short one only that it does not. */
export function foldedEvidence(
  evidence: Evidence,
  winner: JudgedCandidate,
  verdict: Verdict,
  how: PullRequestSettings["evidence"],
): readonly Section[] {
  if (how === "short") return [section("what is left out", leftOut, false)];
  return [
    ...evidence.pocs.map((poc) =>
      section(`script ${plainLine(poc.id, 40)}`, pocSection(evidence, poc, verdict), false),
    ),
    section("suspected places", locationsSection(evidence), false),
    section("rejected samples", rejectedSection(evidence), false),
    section("other candidates", alternativesSection(evidence, winner), false),
  ];
}

const leftOut =
  "_The scripts, suspected places and other candidates are not shown here (`pr.evidence: short`); they are in the run's report._";
