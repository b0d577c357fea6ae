import type { DeclineReason, Evidence, VerdictLevel } from "../domain/evidence.ts";
import type { RejectionReason } from "../domain/edit.ts";
import type { DecidedBy } from "../domain/ranking.ts";
import type { PocResult } from "../domain/verdict.ts";
import { inlineText } from "./markdown.ts";

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
  regressions: "it breaks fewer tests than the next one",
  pocs: "it makes more scripts pass than the next one",
  score: "it has the better reference score (failed scripts plus a tenth of the broken tests)",
  votes: "more samples agree on it than on the next one with the same evidence",
  size: "it is the smaller of those with the same evidence and votes",
  "first-seen": "it came first among those with the same evidence, votes and size",
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

/** A sentence for a run that was asked to finish, and a blank; empty for others. Who asked is told as untrusted text. */
export const finishedEarly = ({ stopped }: Pick<Evidence, "stopped">): string =>
  stopped === null
    ? ""
    : `Finished early (${inlineText(stopped.why, 120)}), with ${count(stopped.unwritten, "sample")} unwritten. `;
