import { asRepairError } from "../domain/errors.ts";
import { repoSlug } from "../domain/issue.ts";
import type { AppForge } from "../ports/app-forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";
import { onceADay } from "./once-a-day.ts";

export type MissedClosingsDependencies = {
  readonly app: Pick<AppForge, "isPullRequestOpen">;
  readonly runs: Pick<RunStore, "openPullRequests" | "notePullRequest" | "takeDuty" | "prolongDuty">;
  readonly logger: Logger;
};

/** Asked about on one day. */
const most = 500;

/**
 * Once a day, by one of all processes: pull requests of ours whose end was never heard of would count against their
 * repository's limit for ever. Throws what the forge throws; what was noted by then stays, and an hour later it is
 * looked again.
 */
export async function noteMissedClosings(deps: MissedClosingsDependencies): Promise<void> {
  await onceADay(deps.runs, "closed pull requests", () => look(deps));
}

async function look({ app, runs, logger }: MissedClosingsDependencies): Promise<void> {
  for (const { installation, repo, number } of await runs.openPullRequests(most)) {
    const pullRequest = `${repoSlug(repo)}#${number}`;
    try {
      if (await app.isPullRequestOpen(installation, repo, number)) continue;
      await runs.notePullRequest(repo, number, false);
      logger.info({ pullRequest }, "a pull request had been closed unheard");
    } catch (error) {
      const { code, message } = asRepairError(error);
      if (code !== "forge-rejected") throw error;
      logger.warn({ pullRequest, error: message }, "a pull request was not looked at");
    }
  }
}
