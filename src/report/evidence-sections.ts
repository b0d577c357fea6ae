import { votesOf } from "../domain/candidate.ts";
import type { RejectionReason } from "../domain/edit.ts";
import type { Evidence, RejectedSample } from "../domain/evidence.ts";
import { describeOutcome, transcriptOf, type ExecutionOutcome } from "../domain/execution.ts";
import { changedLines, patchSize } from "../domain/patch.ts";
import type { Poc } from "../domain/poc.ts";
import { headOf, tailOf, withoutColours } from "../domain/visible-text.ts";
import {
  regressionsOf,
  type PocResult,
  type TestVerdict,
  type Verdict,
  type JudgedCandidate,
} from "../domain/verdict.ts";
import { whyTheyLost } from "./compare-candidates.ts";
import { codeBlock, fold, inlineCode, inlineText, list, table } from "./markdown.ts";
import {
  count,
  decisions,
  feedbackTurnOf,
  finishedEarly,
  pocResultNames,
  rejectionNames,
  shortSha,
  uncheckedOf,
  whyUnchecked,
} from "./phrases.ts";

const shownRows = 12;
const shownTests = 10;
const shownSource = 6000;
const shownOutput = 3000;
const shownPatch = 5000;

/** At most `shown` items, and how many more there are. */
function atMost(items: readonly string[], shown: number): readonly string[] {
  return items.length <= shown ? items : [...items.slice(0, shown), `and ${items.length - shown} more`];
}

function testsRow(evidence: Evidence, tests: TestVerdict): readonly string[] {
  const { baseline } = evidence;
  const before =
    baseline.kind === "ran"
      ? `${baseline.passing.length} passed, ${baseline.failing.length} failed`
      : "not run";
  if (tests.kind === "not-run") return ["Tests", before, "not run", inlineText(tests.reason)];
  const after = tests.kind === "ran" ? `${tests.passed} passed` : inlineText(badRun(tests));
  return ["Tests", before, after, count(tests.regressions.length, "new failure")];
}

const badRun = ({ kind, reason }: Extract<TestVerdict, { kind: "crashed" | "untrusted" }>): string =>
  kind === "crashed" ? `crashed: ${reason}` : reason;

/** What was executed on the base commit and with the patch, one row per PoC and one for the tests. */
export function evidenceTable(evidence: Evidence, verdict: Verdict): string {
  const after = new Map(verdict.pocs.map((result) => [result.poc, result]));
  const rows = evidence.pocs.slice(0, shownRows).map((poc) => {
    const result = after.get(poc.id);
    const judged = result?.judgedBy === "model" ? " (judged by a model)" : "";
    return [
      `${inlineCode(poc.id)} (${poc.kind})`,
      describeOutcome(poc.baseline),
      result === undefined ? "not run" : describeOutcome(result.outcome),
      result === undefined ? "not run" : pocResultNames[result.result] + judged + because(result),
    ];
  });
  const base = `Base ${inlineCode(shortSha(evidence.baseSha))}`;
  const text = table(
    ["Check", base, "With the patch", "Result"],
    [...rows, testsRow(evidence, verdict.tests)],
  );
  const regressions = regressionsOf(verdict);
  if (regressions.length === 0) return text;
  const ids = atMost(
    regressions.map((id) => inlineCode(id)),
    shownTests,
  );
  return `${text}\n\nNew failures: ${ids.join(", ")}`;
}

const because = (result: PocResult): string =>
  result.reason === undefined ? "" : `: ${inlineText(result.reason)}`;

/** The last 40 lines of an outcome, hard-wrapped nowhere, at most 3,000 characters. */
function lastLines(outcome: ExecutionOutcome): string {
  const lines = withoutColours(transcriptOf(outcome)).trimEnd().split("\n");
  const text = tailOf(lines.slice(-40).join("\n"), shownOutput);
  return text.trim() === "" ? "(no output)" : text;
}

/** One PoC with its source, its output before and after, and how to repeat it. */
export function pocSection(
  evidence: Pick<Evidence, "baseSha" | "scripts">,
  poc: Poc,
  verdict: Verdict | null,
): string {
  const { scripts } = evidence;
  const result = verdict?.pocs.find((one) => one.poc === poc.id);
  const source = headOf(poc.source, shownSource);
  const cut =
    source.length < poc.source.length ? "\n\n_The script is longer; its end is in the run's report._" : "";
  const parts = [
    codeBlock(source, scripts.fence) + cut,
    `Base ${inlineCode(shortSha(evidence.baseSha))}, ${describeOutcome(poc.baseline)}:`,
    codeBlock(lastLines(poc.baseline), "text"),
  ];
  if (result !== undefined) {
    parts.push(
      `With the patch, ${describeOutcome(result.outcome)}, ${pocResultNames[result.result]}:`,
      codeBlock(lastLines(result.outcome), "text"),
    );
  }
  parts.push(`To repeat it, ${scripts.repeat}`);
  return fold(`Script ${poc.id} (${poc.kind})`, parts.join("\n\n"));
}

/** What the winning patch changes and why it was chosen. */
export function patchSection(evidence: Evidence, winner: JudgedCandidate): string {
  const files = winner.candidate.changes.map((change) => {
    const { added, removed } = changedLines(change);
    const note = change.before === null ? ", new file" : change.after === null ? ", deleted" : "";
    return `${inlineCode(change.path)} (+${added} −${removed}${note})`;
  });
  const { decidedBy, ordered } = evidence.ranking;
  const why = decidedBy === null ? "" : ` It was chosen because ${decisions[decidedBy]}.`;
  const turn = feedbackTurnOf(evidence, winner.candidate.id);
  const agree =
    turn === null
      ? `${votesOf(winner.candidate)} of ${count(evidence.samples, "sample")} agree on this patch`
      : `None of the patches of ${count(evidence.samples, "sample")} passed; this one was found in feedback turn ${turn}, in which the model was shown what failed`;
  const votes = `${finishedEarly(evidence)}${agree}; ${count(ordered.length, "distinct patch", "distinct patches")} ${ordered.length === 1 ? "was" : "were"} checked.${why}`;
  const { restored } = winner.candidate;
  const names = atMost(
    restored.map((path) => inlineCode(path)),
    shownRows,
  );
  const leftOut =
    restored.length === 0
      ? ""
      : `\n\nThe model also edited ${names.join(", ")}; those edits were left out, since tests are judged as they are on the base commit.`;
  return `${votes}\n\n${list(atMost(files, shownRows))}${leftOut}`;
}

/** The other candidates with votes and the reason why they lost; empty when there is none. */
export function alternativesSection(evidence: Evidence, winner: JudgedCandidate): string {
  const { ordered } = evidence.ranking;
  const whyNot = whyTheyLost(ordered, winner);
  const others = ordered.filter((judged) => judged.candidate.id !== winner.candidate.id);
  const judgedRows = others.map((judged) => [
    inlineCode(judged.candidate.id),
    String(votesOf(judged.candidate)),
    String(judged.size),
    whyNot(judged),
  ]);
  const uncheckedRows = uncheckedOf(evidence).map((candidate) => [
    inlineCode(candidate.id),
    String(votesOf(candidate)),
    String(patchSize(candidate.changes)),
    whyUnchecked,
  ]);
  const rows = [...judgedRows, ...uncheckedRows];
  if (rows.length === 0) return "";
  const [second] = others;
  const patch =
    second === undefined
      ? ""
      : `\n\nThe next best:\n\n${codeBlock(headOf(second.candidate.patch, shownPatch), "diff")}`;
  const more = rows.length > shownRows ? `\n\nand ${rows.length - shownRows} more` : "";
  return fold(
    count(rows.length, "other candidate"),
    table(["Candidate", "Votes", "Lines", "Why not"], rows.slice(0, shownRows)) + more + patch,
  );
}

/** Rejected samples counted by reason; empty when none was. */
export function rejectedSection(evidence: Evidence): string {
  if (evidence.rejected.length === 0) return "";
  const byReason = new Map<RejectionReason, RejectedSample[]>();
  for (const sample of evidence.rejected) {
    byReason.set(sample.reason, [...(byReason.get(sample.reason) ?? []), sample]);
  }
  const rows = [...byReason]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([reason, samples]) => [
      rejectionNames[reason],
      String(samples.length),
      inlineText(samples[0]?.detail ?? "", 160),
    ]);
  return fold(
    `${count(evidence.rejected.length, "sample")} rejected before any run`,
    table(["Reason", "Samples", "For example"], rows),
  );
}

/** Where the samples look for the fault. */
export function locationsSection(evidence: Evidence): string {
  const places = evidence.locations
    .toSorted((a, b) => b.votes - a.votes)
    .map(
      ({ path, range, votes }) =>
        `${inlineCode(`${path}:${range.first}-${range.last}`)}, ${count(votes, "vote")}`,
    );
  const files = evidence.files.map(({ path, votes }) => `${inlineCode(path)}, ${count(votes, "vote")}`);
  const items = places.length > 0 ? places : files;
  return items.length === 0 ? "" : fold("Suspected places", list(atMost(items, shownRows)));
}
