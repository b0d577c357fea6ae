import type { RepairRun } from "../domain/run.ts";
import { inlineText, joinSections, type Section, section } from "./markdown.ts";
import { runFooter } from "./phrases.ts";

type Refusal = "gone" | "closed" | "foreign" | "unrelated" | "not-ours" | "access-lost";

const reasons: Readonly<Record<Refusal, { readonly why: string; readonly next: string }>> = {
  gone: { why: "GitHub does not show this pull request any more", next: "none" },
  closed: { why: "the pull request is closed", next: "open it again, then say it again" },
  foreign: {
    why: "the head of this pull request lies in another repository (a fork), and its code is foreign: whoever may write there decides what runs",
    next: "read it, push its commits to a branch of this repository, open a pull request from there, and say it there",
  },
  unrelated: {
    why: "the head has no commit in common with its base branch, so there is nothing to compare it with",
    next: "rebase it onto its base branch, then say it again",
  },
  "not-ours": {
    why: "this works on pull requests that Copatcher opened, from its own branch, and this is none of them",
    next: "say it on a pull request of Copatcher; `/copatcher validate` works on other people's",
  },
  "access-lost": {
    why: "who asked for this may not ask for it any more, so nothing was committed",
    next: "somebody who may can say it again",
  },
};

const part = (text: string): Section => section("text", text);

/** Why a run on a pull request did nothing. */
export const refusedPullRequestText = (run: Pick<RepairRun, "id">, refusal: Refusal): string =>
  joinSections([
    part(`**Copatcher did nothing:** ${reasons[refusal].why}.`),
    part(`**Next step:** ${reasons[refusal].next}.`),
    runFooter(run),
  ]);

/** Why a pull request's changes cannot be executed; `why` is untrusted. */
export const unfitPullRequestText = (run: Pick<RepairRun, "id">, why: string): string =>
  joinSections([
    part(`**Copatcher cannot judge this pull request:** ${inlineText(why, 400)}.`),
    part("**Next step:** none; only changes of text files can be laid over a copy of the base commit."),
    runFooter(run),
  ]);
