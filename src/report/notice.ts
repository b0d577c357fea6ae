import type { LimitHit } from "../domain/limits.ts";
import type { LayerName } from "../domain/settings/origins.ts";
import { inlineCode } from "./markdown.ts";

/** An answer that is no run's progress: a refusal or a word of help. */
export type Notice =
  | { readonly kind: "not-allowed"; readonly sender: string; readonly permission: string }
  | { readonly kind: "permission-unknown"; readonly sender: string }
  | { readonly kind: "already-running"; readonly runId: string }
  /** The operator, or whose settings file says less. */
  | { readonly kind: "limited"; readonly hit: LimitHit; readonly setBy: LayerName }
  | { readonly kind: "disabled"; readonly by: LayerName }
  | { readonly kind: "nothing-live"; readonly verb: "cancel" | "stop" }
  | { readonly kind: "unknown-command"; readonly word: string }
  | { readonly kind: "not-on-pull-requests" }
  | { readonly kind: "help" };

const usage =
  "To start a run, someone with write access adds the label `copatcher` or comments `/copatcher fix` on an issue. `/copatcher stop` lets a run finish with the best it has so far, `/copatcher cancel` ends it. `/copatcher env check` builds the environment of the default branch alone and says what its tests do there; `/copatcher help` shows this.";

/** Markdown of a notice: what happened and the next step. Names and words of users are quoted, never linked. */
export function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case "not-allowed":
      return `Copatcher did not start: ${inlineCode(notice.sender)} has ${inlineCode(notice.permission)} access to this repository, and starting a run takes write access.\n\n**Next step:** ask someone with write access to add the label \`copatcher\` or to comment \`/copatcher fix\`.`;
    case "permission-unknown":
      return `Copatcher did not start: the access of ${inlineCode(notice.sender)} could not be checked, and without that nothing runs.\n\n**Next step:** try again in a minute; if it stays so, the operator of the bot should look at its log.`;
    case "already-running":
      return `A run for this issue is already under way (${inlineCode(notice.runId)}), so no second one was started.\n\n**Next step:** follow its progress comment here; label the issue again when that run has ended.`;
    case "limited":
      return limitedText(notice.hit, notice.setBy);
    case "disabled":
      return `Copatcher did not start: it is switched off (\`enabled: false\`) in ${settingsOf(notice.by)}.\n\n**Next step:** none; somebody who may change that file can switch it on.`;
    case "nothing-live":
      return `There is no run of this issue to ${notice.verb}: none waits and none is under way.\n\n**Next step:** none; \`/copatcher fix\` starts one.`;
    case "unknown-command":
      return `Copatcher does not know the command ${inlineCode(notice.word)}.\n\n**Next step:** ${usage}`;
    case "not-on-pull-requests":
      return `Copatcher's commands work on issues, not on pull requests.\n\n**Next step:** comment it on the issue that describes the fault.`;
    case "help":
      return usage;
  }
}

const settingsOf = (layer: LayerName): string =>
  layer === "owner"
    ? "the settings of the owner's `.github` repository"
    : "`.github/copatcher.yml` of this repository";

const limits: Readonly<Record<LimitHit["limit"], { what: string; variable: string; way: string }>> = {
  runsPerDay: {
    what: "runs were started for this repository within 24 hours",
    variable: "COPATCHER_MAX_DAILY_RUNS",
    way: "try again tomorrow",
  },
  openPullRequests: {
    what: "pull requests of Copatcher are open in this repository",
    variable: "COPATCHER_MAX_OPEN_PULL_REQUESTS",
    way: "merge or close some of them, then try again",
  },
  tokensPerDay: {
    what: "tokens were used for this repository within 24 hours",
    variable: "COPATCHER_MAX_DAILY_TOKENS",
    way: "try again tomorrow",
  },
};

function limitedText({ limit, allowed, used }: LimitHit, setBy: LayerName): string {
  const { what, variable, way } = limits[limit];
  return `Copatcher did not start: ${used.toLocaleString("en")} ${what}, and the limit is ${allowed.toLocaleString("en")}.\n\n**Next step:** ${way}; ${setBy === "operator" ? `the operator of the bot sets the limit (\`${variable}\`)` : `the limit is in ${settingsOf(setBy)}`}.`;
}
