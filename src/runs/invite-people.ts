import type { IssueRef } from "../domain/issue.ts";
import type { RepairRun } from "../domain/run.ts";
import type { RepoSettings } from "../domain/settings.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { Invitation } from "../ports/pull-requests.ts";
import { sameLogin } from "./authorize.ts";

/** Asks for the reviews and puts on the labels that the settings name; gives what the forge refuses, which costs nothing else. */
export async function invitePeople(
  { logger }: { readonly logger: Logger },
  forge: Pick<Forge, "pullRequests">,
  pullRequest: IssueRef,
  { run, pr }: { readonly run: RepairRun; readonly pr: RepoSettings["pr"] },
): Promise<Invitation> {
  const asked = pr.reviewers.map((name) => (name === "requester" ? run.trigger.sender : name));
  // no App reviews
  const people = asked.filter((login) => !login.endsWith("[bot]"));
  const reviewers = people.filter((login, at) => people.findIndex((one) => sameLogin(one, login)) === at);
  const refused = await forge.pullRequests.invite(pullRequest, { reviewers, labels: pr.labels });
  if (refused.reviewers.length + refused.labels.length > 0)
    logger.warn({ runId: run.id, ...refused }, "the forge refused reviewers or labels");
  return refused;
}
