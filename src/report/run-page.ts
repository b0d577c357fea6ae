import { repoSlug, type IssueRef } from "../domain/issue.ts";
import type { ReportOnPage } from "../domain/run-page.ts";
import { isLive, type RepairRun, type RunState, type Transition } from "../domain/run.ts";
import { headOf } from "../domain/visible-text.ts";
import { grid, html, pairs, type Html } from "./html.ts";
import { duration, titleInSentence } from "./phrases.ts";
import { provenanceFacts } from "./provenance.ts";
import { stageTimes } from "./stage-times.ts";

export type RunPageInput = {
  readonly run: RepairRun;
  /** Oldest first. */
  readonly transitions: readonly Transition[];
  /** Null while there is none, and where it lies on another host. */
  readonly report: ReportOnPage | null;
  /** Address of GitHub for people. */
  readonly webUrl: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** The page's only style; the server names its hash. */
export const runPageStyle = `
:root { color-scheme: light dark; }
body { margin: 0 auto; padding: 24px 16px 48px; max-width: 920px; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 22px; } h2 { font-size: 17px; margin: 32px 0 12px; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #8886; padding: 5px 10px; text-align: left; vertical-align: top; font-variant-numeric: tabular-nums; }
th { background: #8882; font-weight: 600; } .facts th { width: 130px; }
pre { background: #8882; padding: 12px; overflow-x: auto; font-size: 13px; overflow-wrap: normal; }
`;

/** Characters of a patch. */
const longestPatch = 100_000;

/** Everything about one run as a page without scripts; issue, model and sandbox texts are untrusted. */
export function runPage(input: RunPageInput): string {
  const { run, report } = input;
  const title = `Copatcher, run ${run.id}`;
  const style = { markup: `<style>${runPageStyle}</style>` };
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${style}
      </head>
      <body>
        <h1>${title}</h1>
        ${facts(input)} ${stagesPart(input)} ${report === null ? noReport(run) : reportPart(report)}
        ${history(input)}
      </body>
    </html>`;
  return `${page.markup}\n`;
}

const noReport = ({ kind, state }: RepairRun): Html =>
  kind === "repair" && !isLive(state) ? html`<p>No report of this run lies on this host.</p>` : html``;

function facts({ run, webUrl }: RunPageInput): Html {
  const { ref, title } = run.issue;
  const pull = run.state.at === "proposed" ? run.state.pullRequest : run.pullRequest;
  const issue = html`${link(webUrl, ref, "issues", ref.number)} ${headOf(title, 300)}`;
  return pairs([
    ["Issue", issue],
    ...(pull === undefined ? [] : [["Pull request", link(webUrl, ref, "pull", pull)] as const]),
    ["Kind", `${run.kind}, attempt ${run.attempt}`],
    ["Asked for by", `${headOf(run.trigger.sender, 100)} (${run.trigger.kind})`],
    ["State", stateText(run.state)],
  ]);
}

function link(webUrl: string, { repo }: IssueRef, kind: "issues" | "pull", number: number): Html {
  const path = [repo.owner, repo.name].map(encodeURIComponent).join("/");
  return html`<a href="${webUrl}/${path}/${kind}/${number}">${repoSlug(repo)}#${number}</a>`;
}

function stateText(state: RunState): string {
  switch (state.at) {
    case "queued":
      return state.postponed === undefined
        ? "queued"
        : `waits until ${timeText(state.postponed.until)}: ${titleInSentence(state.postponed.code)}`;
    case "running":
      return `running: ${state.stage}`;
    case "proposed":
      return `opened pull request #${state.pullRequest}`;
    case "declined":
      return `proposes nothing: ${state.reason}`;
    case "failed":
      return `failed: ${titleInSentence(state.code)} (${state.code})`;
    case "cancelled":
      return `cancelled by ${headOf(state.by, 100)}`;
    case "checked":
      return "answered on the issue";
  }
}

function stagesPart({ transitions, now }: RunPageInput): Html {
  const rows = stageTimes(transitions, now).map(({ stage, milliseconds, open }) => [
    stage,
    `${duration(milliseconds / 1000)}${open ? ", under way" : ""}`,
  ]);
  return grid("Stages", ["Stage", "Time"], rows);
}

function reportPart(report: ReportOnPage): Html {
  const { seconds, sandbox, patch } = report;
  const summary = pairs([
    ["Verdict", `${report.verdict} ${report.explanation ?? ""}`],
    ["Duration", duration(seconds)],
    ...provenanceFacts(report),
    ["Sandbox", sandbox],
  ]);
  const scripts = report.pocs.reproduced.map(({ id, before, after, result }) => [id, before, after, result]);
  const classes = report.classes.map(({ id, votes, lines, verdict, why }) => [
    id,
    votes,
    lines,
    verdict,
    why,
  ]);
  return html`<h2>Report</h2>
    ${summary} ${grid("Scripts", ["Script", "Before", "After", "Result"], scripts)}
    ${grid("Patches", ["Patch", "Votes", "Lines", "Verdict", "Why"], classes)} ${patchPart(patch)}`;
}

function patchPart(patch: string): Html {
  if (patch === "") return html``;
  // a line break right behind the tag would not be shown
  const shown = { markup: `<pre>\n${html`${headOf(patch, longestPatch)}`.markup}</pre>` };
  return html`<h2>The patch</h2>
    ${shown}`;
}

function history({ transitions }: RunPageInput): Html {
  const rows = transitions.map(({ time, cause, state }) => [
    timeText(time),
    headOf(cause, 300),
    stateText(state),
  ]);
  return grid("History", ["Time (UTC)", "Cause", "State"], rows);
}

const timeText = (time: number): string => new Date(time).toISOString().slice(0, 19).replace("T", " ");
