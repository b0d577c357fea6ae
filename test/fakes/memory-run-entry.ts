import { issueKey, repoSlug, type IssueRef } from "../../src/domain/issue.ts";
import type { Load } from "../../src/domain/limits.ts";
import type { WaitingRun } from "../../src/domain/next-run.ts";
import { costlyKinds, type RepairRun, type Transition } from "../../src/domain/run.ts";
import type { OpenPullRequest, Orders } from "../../src/ports/run-store.ts";

/** What the run store in memory keeps of a run; times in milliseconds. */
export type Entry = {
  run: RepairRun;
  readonly sequence: number;
  readonly priority: number;
  /** Null: as the operator says. */
  readonly atOnce: number | null;
  readonly created: number;
  changedAt: number;
  /** A postponed run waits until then. */
  notBefore: number;
  readonly history: Transition[];
  owner: string | null;
  fence: number;
  leaseUntil: number;
  orders: Orders;
  crashes: number;
  postponements: number;
  startedAt: number | null;
  claimedAt: number | null;
  tokens: number;
  /** `at` is when it was closed or opened again last, null when it never was. */
  pullRequest: { readonly number: number; open: boolean; at: number | null } | null;
};

const day = 24 * 60 * 60 * 1000;

export const repositoryOf = ({ repo }: Pick<IssueRef, "repo">): string => repoSlug(repo).toLowerCase();

/** The run as `nextRun` sees it. */
export const placed = ({ run, priority, sequence, atOnce }: Entry): WaitingRun => ({
  id: run.id,
  issue: issueKey(run.issue.ref),
  installation: run.installation,
  repository: repositoryOf(run.issue.ref),
  priority,
  sequence,
  atOnce,
});

/** What the issue and its repository have used of its limits by `now`. */
export function loadOf(entries: readonly Entry[], issue: IssueRef, now: number): Load {
  const own = entries.filter(({ run }) => repositoryOf(run.issue.ref) === repositoryOf(issue));
  const costly = own.filter(
    ({ run, startedAt }) =>
      costlyKinds.includes(run.kind) && (run.state.at !== "cancelled" || startedAt !== null),
  );
  const recent = costly.filter(({ created }) => created > now - day);
  const open = own.filter(({ pullRequest }) => pullRequest?.open === true);
  return {
    runsPerIssue: costly.filter(({ run }) => issueKey(run.issue.ref) === issueKey(issue)).length,
    runsPerDay: recent.length,
    tokensPerDay: recent.reduce((sum, { tokens }) => sum + tokens, 0),
    openPullRequests: new Set(open.map(({ pullRequest }) => pullRequest?.number)).size,
    ownIsOpen: open.some(({ run }) => issueKey(run.issue.ref) === issueKey(issue)),
  };
}

/** Those of all runs that count as open, each once, the newest runs' first. */
export function openPullRequests(entries: readonly Entry[]): readonly OpenPullRequest[] {
  const open = entries
    .toReversed()
    .flatMap(({ run, pullRequest }) =>
      pullRequest?.open === true
        ? [{ installation: run.installation, repo: run.issue.ref.repo, number: pullRequest.number }]
        : [],
    );
  return [...new Map(open.map((one) => [`${repositoryOf(one)}#${one.number}`, one])).values()];
}
