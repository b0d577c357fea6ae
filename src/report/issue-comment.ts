import { controlLine } from "../domain/command/controls.ts";
import type { Evidence, RepairResult } from "../domain/evidence.ts";
import type { RepairError } from "../domain/errors.ts";
import type { ErrorCode } from "../domain/error-catalogue.ts";
import { stages, type RepairRun, type RunKind, type Stage } from "../domain/run.ts";
import { buildFailureSections } from "./environment-check.ts";
import {
  alternativesSection,
  evidenceTable,
  locationsSection,
  pocSection,
  rejectedSection,
} from "./evidence-sections.ts";
import {
  codeBlock,
  fold,
  inlineCode,
  inlineText,
  joinSections,
  list,
  type Section,
  section,
} from "./markdown.ts";
import {
  count,
  declineHelp,
  declineTitles,
  duration,
  feedbackSentence,
  finishedEarly,
  runFooter,
  titleInSentence,
} from "./phrases.ts";
import { verdictSentence, type Proposed } from "./pull-request.ts";
import { stageLine, type StageProgress } from "./stage-line.ts";

type Declined = Extract<RepairResult, { kind: "declined" }>;
type Run = Pick<RepairRun, "id" | "kind" | "state">;

const stageNames: Readonly<Record<Stage, string>> = {
  checkout: "Check out",
  environment: "Build the environment",
  reproduce: "Reproduce the issue",
  localize: "Find the place",
  generate: "Write patches",
  validate: "Check patches",
  rank: "Choose",
  publish: "Open the pull request",
};

type Course = {
  readonly doing: string;
  readonly stages: readonly Stage[];
  /** Of stages that have another name here. */
  readonly names?: Partial<Record<Stage, string>>;
};

/** What a run of each kind goes through, and what it is said to be doing. */
const courses: Readonly<Record<RunKind, Course>> = {
  repair: { doing: "working on this issue", stages },
  "environment-check": {
    doing: "checking the environment",
    stages: ["checkout", "environment", "validate"],
  },
  plan: { doing: "looking for the fault", stages: ["checkout", "environment", "localize"] },
  reproduction: { doing: "reproducing this issue", stages: ["checkout", "environment", "reproduce"] },
  validation: {
    doing: "executing this pull request",
    stages: ["checkout", "environment", "reproduce", "validate"],
  },
  revision: {
    doing: "revising this pull request",
    stages: ["checkout", "environment", "reproduce", "generate", "validate", "rank"],
  },
  "test-addition": {
    doing: "writing a test for this pull request",
    stages: ["checkout", "environment", "validate", "generate"],
    names: { generate: "Write the test" },
  },
};

/** What a run of the kind goes through, in this order or beside each other. */
export const stagesOf = (kind: RunKind): readonly Stage[] => courses[kind].stages;

const required = (text: string): Section => section("text", text);
const optional = (name: string, text: string): Section => section(name, text, false);

/** Where a run waits: how many queued runs go first, and how many of its repository work at the same time. */
export type QueuePlace = { readonly ahead: number | null; readonly atOnce: number };

function queueSentence({ ahead, atOnce }: QueuePlace): string {
  const begins =
    ahead === null || ahead === 0
      ? "It starts when a worker is free."
      : `It starts when a worker is free and ${count(ahead, "run")} before it ${ahead === 1 ? "has" : "have"} begun.`;
  return atOnce === Infinity
    ? begins
    : `${begins} The limit of this repository is ${count(atOnce, "run")} at a time (\`limits.concurrent_runs\`).`;
}

/** The comment while the run is queued or under way; `progress` holds the latest news per stage, in any order. */
export function progressText(
  run: Run,
  progress: readonly StageProgress[],
  queue: QueuePlace = { ahead: null, atOnce: Infinity },
): string {
  const course = courses[run.kind];
  const latest = new Map(progress.map((news) => [news.stage, news]));
  const head =
    run.state.at === "queued"
      ? `**Copatcher is queued.** ${queueSentence(queue)}`
      : `**Copatcher is ${course.doing}.** This comment changes as it goes on.`;
  const lines = course.stages.map((stage) =>
    stageLine(course.names?.[stage] ?? stageNames[stage], latest.get(stage)),
  );
  return joinSections([
    required(head),
    required(list(lines)),
    required(`**What you can do**\n\n${controlLine("cancel")}`),
    runFooter(run),
  ]);
}

/** The last comment of a run that opened a pull request. */
export function proposedText(
  run: Run,
  result: Proposed,
  pullRequest: {
    readonly number: number;
    readonly draft: boolean;
    /** Whether it should be a draft and is none. */
    readonly undrafted: boolean;
    readonly verified: boolean | null;
    /** Whether the App may write its check. */
    readonly checked: boolean;
    /** What the forge would not have with it. */
    readonly refused: { readonly reviewers: readonly string[]; readonly labels: readonly string[] };
  },
  seconds: number,
): string {
  const draft = pullRequest.draft ? "a draft pull request" : "a pull request";
  const unsigned = pullRequest.verified === false ? "\n\nGitHub does not show its commit as verified." : "";
  return joinSections([
    required(`Copatcher opened ${draft}: #${pullRequest.number}, after ${duration(seconds)}.${unsigned}`),
    required(pullRequest.undrafted ? undrafted : ""),
    required(verdictSentence(result)),
    required(refusedSentence(pullRequest.refused)),
    required(pullRequest.checked ? "" : unchecked),
    required("**Next step:** review it; what was not verified is listed there."),
    runFooter(run),
  ]);
}

const undrafted =
  "**It should be a draft, but is shown as ready for review:** GitHub has none here, or somebody made it ready.";

const unchecked =
  "Its check was not written: the App was not given the permission `checks: write` here, which an owner can accept.";

function refusedSentence({ reviewers, labels }: Parameters<typeof proposedText>[2]["refused"]): string {
  const names = [
    ...reviewers.map((login) => `a review by ${inlineCode(login)}`),
    ...labels.map((label) => `the label ${inlineCode(label)}`),
  ];
  return names.length === 0 ? "" : `GitHub refused what the settings ask for: ${names.join(", ")}.`;
}

function tried(evidence: Evidence): string {
  const rejected = evidence.rejected.length;
  return `${finishedEarly(evidence)}Tried: ${count(evidence.samples, "sample")}, ${rejected} rejected before any run, ${count(evidence.ranking.ordered.length, "distinct patch", "distinct patches")} checked; ${count(evidence.pocs.length, "script")} reproduced the issue, ${evidence.failedPocs.length} did not. ${feedbackSentence(evidence)}`.trimEnd();
}

function declinedDetails(evidence: Evidence): readonly Section[] {
  const [best] = evidence.ranking.ordered;
  const verdict = best?.verdict ?? null;
  return [
    ...(best === undefined
      ? []
      : [
          optional("evidence", `The best patch:\n\n${evidenceTable(evidence, best.verdict)}`),
          optional(
            "best patch",
            fold("The best patch, not proposed", codeBlock(best.candidate.patch, "diff")),
          ),
        ]),
    ...evidence.pocs.map((poc) => optional("script", pocSection(evidence, poc, verdict))),
    optional("suspected places", locationsSection(evidence)),
    optional("rejected samples", rejectedSection(evidence)),
    ...(best === undefined ? [] : [optional("other candidates", alternativesSection(evidence, best))]),
  ];
}

/** The last comment of a run that proposes nothing: why, what was tried, what would help. */
export function declinedText(run: Run, result: Declined, seconds: number): string {
  return joinSections([
    required(
      `**Copatcher proposes nothing: ${declineTitles[result.reason]}.** ${inlineText(result.explanation, 500)}`,
    ),
    required(`${tried(result.evidence)} It took ${duration(seconds)}.`),
    required(`**Next step:** ${declineHelp[result.reason]}.`),
    required(controlLine("retry")),
    ...declinedDetails(result.evidence),
    runFooter(run),
  ]);
}

/** Errors whose words are about the bot's own machine and say nothing to a reader of the issue. */
const ownBusiness: ReadonlySet<ErrorCode> = new Set(["internal", "store-unavailable"]);

/** The last comment of a run that failed or was cancelled; the detail may hold untrusted text. */
export function failureText(run: Run, error: RepairError): string {
  return joinSections([
    required(`**Copatcher stopped: ${titleInSentence(error.code)}.**`),
    required(
      ownBusiness.has(error.code)
        ? "The details are in the bot's log."
        : inlineCode(error.message.trim(), 500),
    ),
    ...buildFailureSections(error),
    required(`**Next step:** ${error.help}`),
    required(run.kind === "repair" ? controlLine("retry") : ""),
    runFooter(run),
  ]);
}
