import type { RepairRun } from "../../domain/run.ts";
import type { DeliveryDependencies } from "../delivery-dependencies.ts";
import type { CommandAsk } from "./handler.ts";

/** The run that a command is about: the issue's newest, or the one that opened the pull request. */
export const runBehind = (
  { runs, runOfPullRequest }: Pick<DeliveryDependencies, "runs" | "runOfPullRequest">,
  { issue, onPullRequest }: Pick<CommandAsk, "issue" | "onPullRequest">,
): Promise<RepairRun | null> =>
  onPullRequest ? runOfPullRequest(issue.ref.repo, issue.ref.number) : runs.latest(issue.ref);
