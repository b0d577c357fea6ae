import type { RunKind } from "./run.ts";

/** What the operator allows; runs that would exceed the first two wait, requests that exceed the others are refused. */
export type Limits = {
  /** Runs of one installation, and of one repository, that work at the same time. */
  readonly installationRuns: number;
  readonly repositoryRuns: number;
  /** Of one issue, in all. */
  readonly runsPerIssue: number;
  /** Per repository, within the last 24 hours. */
  readonly runsPerDay: number;
  readonly tokensPerDay: number;
  /** Pull requests of the bot that are open in one repository. */
  readonly openPullRequests: number;
};

export const unlimited: Limits = {
  installationRuns: Infinity,
  repositoryRuns: Infinity,
  runsPerIssue: Infinity,
  runsPerDay: Infinity,
  tokensPerDay: Infinity,
  openPullRequests: Infinity,
};

/** What a repository, and an issue of it, have used of their limits. */
export type Load = Pick<Limits, LimitHit["limit"]> & {
  /** Whether a pull request of the issue is among the open ones: its next repair updates that. */
  readonly ownIsOpen: boolean;
};

export type LimitHit = {
  readonly limit: "runsPerIssue" | "runsPerDay" | "tokensPerDay" | "openPullRequests";
  readonly allowed: number;
  readonly used: number;
};

/** The first limit that leaves no room for one more run of the kind, or null. */
export function limitHit(limits: Limits, load: Load, kind: RunKind): LimitHit | null {
  const opensOne = kind === "repair" && !load.ownIsOpen;
  for (const limit of ["runsPerIssue", "runsPerDay", "openPullRequests", "tokensPerDay"] as const) {
    if (limit === "openPullRequests" && !opensOne) continue;
    const [allowed, used] = [limits[limit], load[limit]];
    if (used >= allowed) return { limit, allowed, used };
  }
  return null;
}
