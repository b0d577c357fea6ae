import type { RepoRef } from "../domain/issue.ts";
import type { RepairRun } from "../domain/run.ts";
import type { KeptData } from "../ports/kept-data.ts";
import type { RunStore } from "../ports/run-store.ts";
import type { Onboarding } from "../runs/onboard.ts";
import type { FeedbackAsk } from "../runs/record-feedback.ts";
import type { RequestDependencies } from "../runs/request-run.ts";

/** What the handlers of deliveries use. */
export type DeliveryDependencies = RequestDependencies & {
  readonly runs: Pick<
    RunStore,
    | "request"
    | "run"
    | "delivery"
    | "position"
    | "transitions"
    | "finishDelivery"
    | "live"
    | "recent"
    | "latest"
    | "requestCancel"
    | "requestStop"
    | "notePullRequest"
  >;
  /** The run that opened a pull request of the bot; null for any other. */
  readonly runOfPullRequest: (repo: RepoRef, number: number) => Promise<RepairRun | null>;
  /** Null where repositories are not welcomed. */
  readonly onboarding: Onboarding | null;
  readonly data: Pick<KeptData, "remove" | "rename" | "installationsOf">;
  /** Adds what people did with a pull request to the record of its run; false when none of ours opened it. */
  readonly recordFeedback: (ask: FeedbackAsk) => Promise<boolean>;
};
