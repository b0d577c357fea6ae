import { verbs, type Verb } from "../domain/command/verbs.ts";
import type { LayerName } from "../domain/settings/origins.ts";
import type { LimitHit } from "../domain/limits.ts";
import { helpText } from "./help.ts";
import { limitedText } from "./limit-notice.ts";
import { inlineCode } from "./markdown.ts";
import { settingsOf } from "./phrases.ts";

/** An answer that is no run's progress: a refusal or a word of help. */
export type Notice =
  | {
      readonly kind: "not-allowed";
      readonly sender: string;
      readonly permission: string;
      readonly needed: string;
      /** Whether the settings name teams whose members the forge does not tell. */
      readonly teamsUnread?: boolean;
    }
  | { readonly kind: "permission-unknown"; readonly sender: string }
  | { readonly kind: "already-running"; readonly runId: string }
  /** The operator, or whose settings file says less. */
  | { readonly kind: "limited"; readonly hit: LimitHit; readonly setBy: LayerName }
  | { readonly kind: "disabled"; readonly by: LayerName }
  /** And what was asked for would add a commit. */
  | { readonly kind: "dry-run"; readonly by: LayerName }
  | { readonly kind: "no-label-runs"; readonly by: LayerName }
  | { readonly kind: "no-commands"; readonly by: LayerName }
  | { readonly kind: "nothing-live"; readonly verb: "cancel" | "stop" }
  /** By its label. */
  | { readonly kind: "opted-out"; readonly label: string }
  | { readonly kind: "nothing-to-retry" }
  /** The owner accepted new permissions since GitHub refused something of this run. */
  | { readonly kind: "permissions-accepted"; readonly runId: string; readonly retry: boolean }
  /** Pull requests of other people for the same issue. */
  | { readonly kind: "others-work"; readonly numbers: readonly number[] }
  | { readonly kind: "not-our-pull-request"; readonly verb: Verb }
  | { readonly kind: "feedback-kept"; readonly verb: "good" | "bad" }
  | { readonly kind: "unknown-command"; readonly word: string }
  | { readonly kind: "wrong-option"; readonly verb: Verb; readonly option: string; readonly why: string }
  /** A verb that is for issues, said on a pull request, or the other way round. */
  | { readonly kind: "wrong-place"; readonly verb: Verb }
  | { readonly kind: "help" };

/** Markdown of a notice: what happened and the next step. Names and words of users are quoted, never linked. */
export function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case "not-allowed":
      return said(
        `Copatcher did nothing: ${inlineCode(notice.sender)} has ${inlineCode(notice.permission)} access to this repository, and this takes ${inlineCode(notice.needed)} access.${notice.teamsUnread === true ? unreadTeams : ""}`,
        `ask someone with ${inlineCode(notice.needed)} access to say it.`,
      );
    case "permission-unknown":
      return said(
        `Copatcher did nothing: the access of ${inlineCode(notice.sender)} could not be checked, and without that nothing runs.`,
        "try again in a minute; if it stays so, the operator of the bot should look at its log.",
      );
    case "already-running":
      return said(
        `A run for this issue is already under way (${inlineCode(notice.runId)}), so no second one was started.`,
        "follow its progress comment here; ask again when that run has ended, or `/copatcher cancel` it.",
      );
    case "limited":
      return limitedText(notice.hit, notice.setBy);
    case "disabled":
      return switchedOff("it is switched off (`enabled: false`)", notice.by);
    case "dry-run":
      return switchedOff("no commit is made here (`dry_run: true`)", notice.by);
    case "no-label-runs":
      return switchedOff("labels start no runs here (`trigger.label: false`)", notice.by);
    case "no-commands":
      return switchedOff("comments start and steer no runs here (`trigger.commands: false`)", notice.by);
    case "nothing-live":
      return said(
        `There is no run to ${notice.verb} here: none waits and none is under way.`,
        "none; `/copatcher fix` on an issue starts one.",
      );
    case "opted-out":
      return said(
        `Copatcher did not start: the label ${inlineCode(notice.label)} keeps it away from this issue.`,
        "take the label off, then ask again.",
      );
    case "nothing-to-retry":
      return said("There is no run of this issue to try again.", "`/copatcher fix` starts the first one.");
    case "permissions-accepted":
      return said(
        `GitHub refused something of the last run here (${inlineCode(notice.runId)}), and the App has been given new permissions since.`,
        notice.retry
          ? "`/copatcher retry` starts a new attempt; `from=validate` keeps the patches that were written."
          : "ask for it again.",
      );
    case "others-work":
      return said(
        `Copatcher did not start: ${notice.numbers.map((number) => `#${number}`).join(", ")} ${notice.numbers.length === 1 ? "is open and says" : "are open and say"} to be about this issue.`,
        "review what is there, or `/copatcher fix force=true`; `pr.if_other_pr` in the settings says what happens then.",
      );
    case "not-our-pull-request":
      return said(
        `\`/copatcher ${notice.verb}\` works on pull requests that Copatcher opened, and this is none of them.`,
        "say it on a pull request of Copatcher; `/copatcher validate` works on other people's.",
      );
    case "feedback-kept":
      return `Thank you. That this pull request was judged ${notice.verb} is kept with its run, with the reason where there is one.`;
    case "unknown-command":
      return `Copatcher does not know the command ${inlineCode(notice.word)}.\n\n${helpText()}`;
    case "wrong-option":
      return said(
        `Copatcher did nothing: in \`/copatcher ${notice.verb}\` the option ${inlineCode(notice.option)} is wrong: ${notice.why}.`,
        `write it anew in a new comment, for example \`${verbs[notice.verb].example}\`.`,
      );
    case "wrong-place":
      return said(
        `\`/copatcher ${notice.verb}\` is for ${verbs[notice.verb].on}.`,
        verbs[notice.verb].on === "issues"
          ? "comment it on the issue that describes the fault."
          : "comment it on a pull request.",
      );
    case "help":
      return helpText();
  }
}

const unreadTeams =
  " Whether they are in one of the teams that `permissions.teams` names could not be read: for that the App needs the permission to read the organisation's members.";

const said = (what: string, next: string): string => `${what}\n\n**Next step:** ${next}`;

const switchedOff = (what: string, by: LayerName): string =>
  said(
    `Copatcher did nothing: ${what} in ${settingsOf(by)}.`,
    "none; somebody who may change that file can switch it on.",
  );
