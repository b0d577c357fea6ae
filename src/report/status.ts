import type { RepairRun, RunState } from "../domain/run.ts";
import { inlineCode, inlineText, table } from "./markdown.ts";
import { atMinute, count, declineTitles, titleInSentence } from "./phrases.ts";

export type RunStatus = {
  readonly run: RepairRun;
  /** How many queued runs go first; null when it is not queued. */
  readonly ahead: number | null;
  /** When it was asked for and when it last changed, in milliseconds since 1970; null when that is not known any more. */
  readonly began: number | null;
  readonly changed: number | null;
};

/** The answer to `/copatcher status`; times are UTC. */
export function statusText(statuses: readonly RunStatus[]): string {
  if (statuses.length === 0) {
    return "No run of Copatcher is known here.\n\n**Next step:** `/copatcher fix` on an issue starts one.";
  }
  const rows = statuses.map(({ run, ahead, began, changed }) => [
    `${inlineCode(run.id)} (${run.kind})`,
    stateText(run.state, ahead),
    inlineText(run.trigger.sender),
    time(began),
    time(changed),
  ]);
  return table(["Run", "State", "Asked for by", "Asked at", "Last change"], rows);
}

const time = (at: number | null): string => (at === null ? "" : atMinute(at));

function stateText(state: RunState, ahead: number | null): string {
  switch (state.at) {
    case "queued":
      return state.postponed === undefined
        ? `queued, ${count(ahead ?? 0, "run")} before it`
        : `waiting until ${time(state.postponed.until)}: ${titleInSentence(state.postponed.code)}`;
    case "running":
      return `running: ${state.stage}`;
    case "proposed":
      return `proposed #${state.pullRequest}`;
    case "declined":
      return state.reason === "refused"
        ? "has a patch, but the settings forbid pull requests"
        : `proposes nothing: ${declineTitles[state.reason]}`;
    case "checked":
      return "done";
    case "failed":
      return `failed: ${titleInSentence(state.code)}`;
    case "cancelled":
      return `cancelled by ${inlineText(state.by)}`;
  }
}
