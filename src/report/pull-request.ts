import type { Calibration } from "../domain/calibration/calibration.ts";
import type { Candidate } from "../domain/candidate.ts";
import { changedBy } from "../domain/changed-places.ts";
import { controlLine } from "../domain/command/controls.ts";
import type { Evidence, RepairResult } from "../domain/evidence.ts";
import type { Issue } from "../domain/issue.ts";
import type { RepairRun } from "../domain/run.ts";
import { defaultSettings, type RepoSettings } from "../domain/settings.ts";
import { isShortened } from "../domain/untrusted-text.ts";
import {
  pocsFailed,
  pocsPassed,
  regressionsOf,
  type TestVerdict,
  type JudgedCandidate,
} from "../domain/verdict.ts";
import { commitTrailers } from "./commit-trailers.ts";
import { evidenceTable, patchSection } from "./evidence-sections.ts";
import { foldedEvidence } from "./folded-evidence.ts";
import { fold, inlineCode, inlineText, joinSections, list, type Section } from "./markdown.ts";
import { count, duration, levelNames, shortSha } from "./phrases.ts";
import { branchOf, linkWord, templateText, titleOf } from "./pull-request-form.ts";
import { provenanceFacts, type Fact } from "./provenance.ts";
import { sensitiveText } from "./sensitive.ts";
import { surenessSentence } from "./sureness.ts";
import { flagList, secondRunSentence, standingNote, testDoubts } from "./trust.ts";

export type Proposed = Extract<RepairResult, { kind: "proposed" }>;

export type PullRequestInput = {
  readonly result: Proposed;
  readonly issue: Issue;
  readonly run: Pick<RepairRun, "id" | "attempt"> & Partial<Pick<RepairRun, "trigger" | "base">>;
  /** Wall-clock seconds of the whole run. */
  readonly seconds: number;
  /** Left out: the defaults. */
  readonly settings?: Pick<RepoSettings, "pr" | "branch" | "paths">;
  /** The repository's own, untrusted; null when it has none. */
  readonly template?: string | null;
  /** What the patch does on the head of a base branch that moved on meanwhile; Markdown of ours. */
  readonly moved?: string | undefined;
  /** As it holds for the repository; left out: as it was fitted. */
  readonly calibration?: Calibration;
};

export type PullRequestText = {
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly commitMessage: string;
};

/** The winner as it was ranked. */
function winnerOf(result: Proposed): JudgedCandidate {
  const { winner, verdict, evidence } = result;
  const ranked = evidence.ranking.ordered.find((judged) => judged.candidate.id === winner.id);
  return ranked ?? { candidate: winner, verdict, size: 0 };
}

function testSentence({ evidence, verdict }: Proposed): string {
  if (verdict.tests.kind === "not-run") return "The repository's tests were not run.";
  if (verdict.tests.kind === "crashed") return "The repository's test run crashed with this patch.";
  if (verdict.tests.kind === "untrusted")
    return "The repository's test run with this patch cannot be trusted.";
  const broken = regressionsOf(verdict).length;
  if (broken > 0)
    return `${count(broken, "test")} that passed before ${broken === 1 ? "does" : "do"} not pass now.`;
  if (evidence.baseline.kind === "ran" && evidence.baseline.passing.length === 0)
    return "No selected test passes on the base commit, so the tests show nothing.";
  const known = evidence.baseline.kind === "ran" ? evidence.baseline.passing.length : verdict.tests.passed;
  const second = secondRunSentence(evidence.baseline, verdict.tests);
  // The baseline counts tests of edited test files, too, which the verdict leaves out.
  const held = evidence.flags.some(({ line }) => line === null)
    ? "All other selected tests that passed before still pass; those of the test files that the patch edits were run as they were before, and not counted."
    : known === 1
      ? "The one selected test that passed before still passes."
      : `All ${known} selected tests that passed before still pass.`;
  return [held, second, addedSentence(verdict.tests.added ?? [])].filter((part) => part !== "").join(" ");
}

/** Of tests that an earlier run of ours added; the others are run as they are on the base commit. */
const addedSentence = ({ length }: readonly string[]): string =>
  length === 0
    ? ""
    : `${length === 1 ? "The test" : `The ${length} tests`} that Copatcher added ${length === 1 ? "passes" : "pass"}, too.`;

/** The verdict as sentences; each number in it was executed. */
export function verdictSentence(result: Proposed): string {
  const { evidence, verdict, level } = result;
  const [total, passed, failed] = [evidence.pocs.length, pocsPassed(verdict), pocsFailed(verdict)];
  const open = total - passed - failed;
  const reproduced =
    total === 0
      ? "No script reproduced the issue, so nothing shows that this patch fixes it."
      : `${count(total, "script")} ${total === 1 ? "reproduces" : "reproduce"} the issue on the base commit; with this patch ${passed} of ${total} no longer ${passed === 1 ? "shows" : "show"} it${failed > 0 ? `, ${failed} still ${failed === 1 ? "does" : "do"}` : ""}${open > 0 ? `, ${open} inconclusive` : ""}.`;
  return `**${levelNames[level]}.** ${reproduced} ${testSentence(result)}`;
}

/** What a reviewer must not take for granted; never empty. */
export function notVerified({ evidence, verdict, winner }: Proposed): readonly string[] {
  const { pocs, failedPocs } = evidence;
  const judged = verdict.pocs.filter((poc) => poc.judgedBy === "model" && poc.result === "fixed").length;
  const unclear = verdict.pocs.filter((poc) => poc.result === "inconclusive").length;
  const asserting = pocs.some((poc) => poc.kind === "asserting");
  const points = [
    "Whether this is the change the project wants. The scripts were written by models from the issue's text alone: check that they test what the issue means.",
    pocs.length === 0 ? "That the patch has any effect on the issue: nothing reproduced it." : "",
    judged > 0
      ? `${count(judged, "result")} above ${judged === 1 ? "is" : "are"} a model's reading of the output, not an assertion.`
      : "",
    pocs.length > 0 && !asserting ? "No script with an assertion reproduced the issue." : "",
    unclear > 0 ? `${count(unclear, "script")} gave no clear result.` : "",
    failedPocs.length > 0
      ? `${count(failedPocs.length, "script")} never reproduced the issue and ${failedPocs.length === 1 ? "was" : "were"} dropped.`
      : "",
    ...testPoints(evidence),
    ...twinPoints(winner),
    verdict.tests.kind === "not-run"
      ? `The tests were not run with the patch: ${inlineText(verdict.tests.reason)}`
      : "",
    standingNote,
    "Anything outside the tests named here: other platforms, versions, performance, documentation.",
  ];
  return points.filter((point) => point !== "");
}

/** What of the issue no model has read. */
const unread = (issue: Issue): readonly string[] =>
  isShortened(issue.body)
    ? [
        "The middle of the issue's description: it is too long for the models, which read its beginning and its end.",
      ]
    : [];

const shownTwins = 3;

/** Where half of a repair may be missing. */
const twinPoints = ({ changes }: Candidate): readonly string[] =>
  changedBy(changes)
    .twins.slice(0, shownTwins)
    .map(
      ({ path, line, text }) =>
        `${inlineCode(`${path}:${line}`)} is ${inlineCode(text, 120)} as well, which the patch changes elsewhere in this file: here it was left as it is.`,
    );

function testPoints({ baseline }: Evidence): readonly string[] {
  if (baseline.kind === "none") return [`No test of the repository was run: ${inlineText(baseline.reason)}`];
  const { command, failing, flaky, note } = baseline;
  return [
    `Only these tests were run: ${inlineCode(command, 300)}${note === null ? "" : ` (${inlineText(note)})`}`,
    failing.length > 0
      ? `${count(failing.length, "test")} failed before the patch already and ${failing.length === 1 ? "was" : "were"} not counted.`
      : "",
    flaky.length > 0
      ? `${count(flaky.length, "test")} gave different results on the unpatched code and ${flaky.length === 1 ? "was" : "were"} not counted.`
      : "",
  ];
}

function footer({ result, issue, run, seconds }: PullRequestInput): string {
  const { evidence } = result;
  const facts: readonly Fact[] = [
    ["Base", evidence.baseSha],
    ...provenanceFacts(evidence),
    ["Sandbox", evidence.sandbox],
    ["Duration", duration(seconds)],
  ];
  const made = list(facts.map(([name, said]) => `${name}: ${inlineCode(said, 500)}`));
  const id = run.id.replace(/[^\w.:-]/g, "");
  return [
    `---\n<sub>Written by Copatcher, run ${inlineCode(run.id)}, attempt ${run.attempt}</sub>`,
    fold("How it was made", made),
    `<!-- copatcher:v1 run=${id} issue=${issue.ref.number} -->`,
  ].join("\n\n");
}

function sections(input: PullRequestInput): readonly Section[] {
  const { result, issue, run, template = null, settings = defaultSettings } = input;
  const { evidence, verdict, level } = result;
  const link = linkWord(level, settings.pr.link);
  const winner = winnerOf(result);
  const asked = run.trigger === undefined ? "" : ` Requested by ${inlineCode(run.trigger.sender)}.`;
  return [
    { name: "link", text: `${link} #${issue.ref.number}.${asked}`, required: true },
    { name: "template", text: template === null ? "" : templateText(template), required: false },
    { name: "verdict", text: verdictSentence(result), required: true },
    { name: "base branch", text: input.moved ?? "", required: true },
    { name: "evidence", text: evidenceText(input), required: true },
    { name: "patch", text: `### Patch\n\n${patchSection(evidence, winner)}`, required: true },
    {
      name: "sensitive files",
      text: sensitiveText(winner.candidate.changes, settings.paths.sensitive),
      required: true,
    },
    { name: "lines to look at", text: flagSection(evidence), required: true },
    { name: "test runs to look at", text: doubtSection(verdict.tests), required: true },
    {
      name: "not verified",
      text: `### Not verified, please check\n\n${list([...notVerified(result), ...unread(issue)])}`,
      required: true,
    },
    { name: "controls", text: controls, required: true },
    ...foldedEvidence(evidence, winner, verdict, settings.pr.evidence),
    { name: "provenance", text: footer(input), required: true },
  ];
}

const evidenceText = ({ result: { evidence, verdict }, calibration }: PullRequestInput): string =>
  ["### Evidence", evidenceTable(evidence, verdict), surenessSentence(evidence, calibration)]
    .filter((part) => part !== "")
    .join("\n\n");

// one list: with a blank line between GitHub sets all of it apart
const controls = `### What you can do

- \`/copatcher retry\` starts a new attempt; text below it is a hint
- \`/copatcher revise\`, or a review that asks for changes, adds a commit that answers the open threads
- \`/copatcher add-test\` adds a commit with a test, made from the script that reproduced the issue
${controlLine("retry")}`;

const flagSection = ({ flags }: Evidence): string =>
  flags.length === 0
    ? ""
    : `### Look at these lines\n\nMost uses are honest, but test results can be faked with them.\n\n${flagList(flags)}`;

function doubtSection(tests: TestVerdict): string {
  const doubts = testDoubts(tests, (id) => inlineCode(id, 120), inlineText);
  return doubts.length === 0 ? "" : `### Look at the test runs\n\n${list(doubts)}`;
}

/**
 * The pull request's texts. Issue text, paths, outputs and model names are untrusted and cannot mention, link, close
 * issues or leave their place. The branch is that of the issue, so that a second run updates the first one's.
 */
export function pullRequestText(input: PullRequestInput): PullRequestText {
  const { result, issue, run, settings = defaultSettings } = input;
  const { pr, branch } = settings;
  const { level, evidence } = result;
  const title = titleOf(level, issue, pr.title);
  const reference = `${linkWord(level, pr.link)} #${issue.ref.number}`;
  const trailers = commitTrailers(run, run.trigger?.sender ?? "");
  return {
    title,
    body: joinSections(sections(input)),
    branch: branchOf(issue, run.base, branch.name),
    commitMessage: `${title}\n\nSelected from ${count(evidence.samples, "sample")} on ${shortSha(evidence.baseSha)}.\n\n${reference}\n\n${trailers}\n`,
  };
}
