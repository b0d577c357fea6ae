import type { DemoEnd } from "./stage.ts";
import type { DemoSummary } from "./summary.ts";

/** The demo's closing words for people: what came out, why, and where to look. */
export function demoText(summary: DemoSummary, end: DemoEnd): string {
  return [
    "",
    ...outcome(summary),
    "",
    "Candidates, best first:",
    ...summary.candidates.map(
      (one) => `  ${votes(one.votes).padStart(8)}  ${one.verdict.padEnd(20)} ${one.why}`,
    ),
    "Samples that gave no candidate:",
    ...summary.rejected.map((one) => `  ${one.sample.padEnd(14)} ${one.reason}: ${one.detail}`),
    "",
    `Sandbox: ${summary.sandbox}`,
    `Models:  ${summary.models}`,
    `Stored:  ${summary.stored}`,
    "         pull-request.md, comments.md, summary.json, model-calls.json, bot.log, bot/runs (report), cadence.git (with the bot's branch)",
    ...(end.restarts > 0 ? [resumed(summary.modelCalls, end.restarts)] : []),
  ].join("\n");
}

const resumed = ({ asked, askedAgain }: DemoSummary["modelCalls"], restarts: number): string =>
  `The bot was restarted ${restarts} time(s) and finished the run; of ${asked} model calls, ${askedAgain} were asked again because the bot died before they had ended.`;

function outcome({ pullRequest, run, evidence }: DemoSummary): readonly string[] {
  if (pullRequest === null) {
    return [`The run ended as ${run.state}, without a pull request.`, run.explanation ?? ""];
  }
  const kind = pullRequest.draft ? "draft pull request" : "pull request";
  return [
    `Opened ${kind} #${pullRequest.number}: ${pullRequest.title}`,
    `  ${pullRequest.head} -> ${pullRequest.base}, verdict "${run.verdict}", after ${run.seconds} s`,
    `  ${run.candidates} samples, ${run.applied} applied, ${run.classes} distinct patches; the winner has ${votes(run.votes)}`,
    `  ${evidence.pocsFailBefore} scripts show the issue before, ${evidence.pocsPassAfter} say it is gone after; ${evidence.newTestFailures} new test failures`,
  ];
}

const votes = (count: number): string => (count === 1 ? "1 vote" : `${count} votes`);
