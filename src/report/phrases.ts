import type { Candidate } from "../domain/candidate.ts";
import { errorCatalogue, type ErrorCode } from "../domain/error-catalogue.ts";
import type { DeclineReason, Evidence, VerdictLevel } from "../domain/evidence.ts";
import type { RejectionReason } from "../domain/edit.ts";
import type { DecidedBy } from "../domain/ranking.ts";
import type { PocResult } from "../domain/verdict.ts";
import type { LayerName } from "../domain/settings/origins.ts";
import { inlineCode, inlineText, section, type Section } from "./markdown.ts";

/** How the reports say things, so that all of them say them alike. */
export const levelNames: Readonly<Record<VerdictLevel, string>> = {
  validated: "Validated",
  "tests-only": "Not reproduced",
  partial: "Partly validated",
  unverified: "Unverified",
};

export const rejectionNames: Readonly<Record<RejectionReason, string>> = {
  "no-answer": "no edit in the answer",
  truncated: "cut off by the token limit",
  "malformed-edit": "malformed edit",
  "unsafe-path": "path that leaves the repository or is unsafe",
  "protected-path": "protected file",
  "unknown-file": "file that does not exist",
  "not-text": "not a text file",
  "search-not-found": "SEARCH text not found",
  "search-ambiguous": "SEARCH text in several places",
  "no-change": "no change",
  "too-large": "too large",
  "syntax-error": "syntax error after the edit",
};

export const decisions: Readonly<Record<DecidedBy, string>> = {
  "only-candidate": "it is the only candidate",
  tested: "it was tested, and the next one was not",
  trust: "its test runs can be trusted, and not all of the next one's",
  regressions: "it breaks fewer tests than the next one",
  pocs: "it makes more scripts pass than the next one",
  edits: "what the next one edits in test files hides more of what it breaks",
  effect: "it changes what a script shows, which the next one does not",
  score: "it has the better reference score (failed scripts plus a tenth of the broken tests)",
  votes: "more samples agree on it than on the next one with the same evidence",
  agreement: "more samples make the scripts print what they print with it than with the next one",
  places:
    "it leaves alone fewer of the places that most samples with the same evidence change than the next one",
  twins: "the next one leaves a line as it was that it changes elsewhere in the same file",
  size: "it is the smaller of those with the same evidence, votes and places",
  "first-seen": "it came first among those with the same evidence, votes, places and size",
};

export const declineTitles: Readonly<Record<DeclineReason, string>> = {
  "no-location": "no place to change was found",
  "no-candidate": "no usable patch was written",
  stopped: "it was finished before there was a patch",
  "all-regress": "every patch breaks tests",
  "none-passes-poc": "no patch makes the issue go away",
  "not-reproduced-and-no-majority": "the issue was not reproduced and the samples disagree",
};

export const declineHelp: Readonly<Record<DeclineReason, string>> = {
  "no-location": "name the module or function that misbehaves in the issue, then label it again",
  stopped: "label the issue again, and let it go on longer",
  "no-candidate": "add what should happen instead, with a small example, then label the issue again",
  "all-regress": "say in the issue which existing behaviour must stay, then label it again",
  "none-passes-poc": "check the scripts below; if one misreads the issue, say so there and label it again",
  "not-reproduced-and-no-majority":
    "add a short script that shows the fault and its output, then label the issue again",
};

export const pocResultNames: Readonly<Record<PocResult["result"], string>> = {
  fixed: "fixed",
  "still-broken": "still broken",
  inconclusive: "inconclusive",
};

/** `1 test`, `2 tests`; `plural` where an s is not enough. */
export const count = (n: number, noun: string, plural = `${noun}s`): string =>
  `${n} ${n === 1 ? noun : plural}`;

/** Seconds as people say them: `48 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const shortSha = (sha: string): string => sha.slice(0, 10);

/**
 * A sentence and a blank for each reason why samples were not written; empty when all were. Who asked is told as untrusted
 * text.
 */
export const finishedEarly = (evidence: Pick<Evidence, "stopped" | "samples" | "unneeded">): string =>
  askedToFinish(evidence) + notNeeded(evidence);

const askedToFinish = ({ stopped }: Pick<Evidence, "stopped">): string =>
  stopped === null
    ? ""
    : `Finished early (${inlineText(stopped.why, 120)}), with ${count(stopped.unwritten, "sample")} unwritten. `;

/** Samples that were called off since they could not change the choice; a sentence and a blank, or empty. */
const notNeeded = ({ samples, unneeded }: Pick<Evidence, "samples" | "unneeded">): string =>
  unneeded === 0
    ? ""
    : `${unneeded} of ${count(samples + unneeded, "sample")} ${unneeded === 1 ? "was" : "were"} not needed any more: no answer could have put another patch first. `;

/** Candidates whose execution was called off, since it could not have put them first. */
export function uncheckedOf({
  candidates,
  ranking,
}: Pick<Evidence, "candidates" | "ranking">): readonly Candidate[] {
  const judged = new Set(ranking.ordered.map(({ candidate }) => candidate.id));
  return candidates.filter(({ id }) => !judged.has(id));
}

export const whyUnchecked = "not executed to the end: could not win any more";

/** The feedback turn, from 1, that brought a candidate; null when it came otherwise. */
export function feedbackTurnOf({ feedback }: Pick<Evidence, "feedback">, candidate: string): number | null {
  const turn = feedback.findIndex(({ found }) => found.includes(candidate));
  return turn === -1 ? null : turn + 1;
}

/** What came of all feedback turns, as a sentence; empty when there was none. */
export function feedbackSentence({ feedback }: Pick<Evidence, "feedback">): string {
  if (feedback.length === 0) return "";
  const answers = feedback.reduce((sum, turn) => sum + turn.answers, 0);
  const found = feedback.reduce((sum, turn) => sum + turn.found.length, 0);
  return `No patch passed at first, so the models were shown what failed: ${count(answers, "answer")} in ${count(feedback.length, "feedback turn")} gave ${count(found, "more distinct patch", "more distinct patches")}.`;
}

/** Where a layer of the settings is written. */
export const settingsOf = (layer: LayerName): string =>
  layer === "owner"
    ? "the settings of the owner's `.github` repository"
    : "`.github/copatcher.yml` of this repository";

/** The last line of every comment of a run. */
export const runFooter = ({ id }: { readonly id: string }): Section =>
  section("run", `<sub>Copatcher, run ${inlineCode(id)}</sub>`);

/** To the minute, from milliseconds since 1970. */
export const atMinute = (time: number): string =>
  `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** An error's title within a sentence. */
export function titleInSentence(code: ErrorCode): string {
  const { title } = errorCatalogue[code];
  return title.charAt(0).toLowerCase() + title.slice(1);
}
