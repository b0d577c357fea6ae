import type { Issue, RepoRef } from "../domain/issue.ts";
import type { Registration } from "../domain/registration.ts";

/** One attempt of the forge to deliver a webhook to the App. */
export type DeliveryAttempt = {
  readonly id: string;
  /** The same for all attempts of a delivery. */
  readonly delivery: string;
  /** `event.action`, or the event alone. */
  readonly event: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly ok: boolean;
  readonly installation: number | null;
  readonly repository: number | null;
};

/** A repository that an installation lets the App see. */
export type SeenRepository = { readonly id: number; readonly repo: RepoRef; readonly openIssues: number };

/** That somebody put a label on an issue: the last time it was. */
export type Labelling = {
  readonly id: string;
  readonly label: string;
  readonly actor: { readonly login: string; readonly bot: boolean };
  /** Milliseconds since 1970. */
  readonly time: number;
};

/**
 * What the App asks as itself, beside any run. Every method is a few requests at most, and throws RepairError
 * `forge-unavailable` or `forge-rejected` without waiting: `data.retryAfter` is there when the forge asks for a pause.
 */
export interface AppForge {
  registration(): Promise<Registration>;
  /**
   * Back to `since` (milliseconds since 1970), in no order; of what earlier calls gave only the failures and what came
   * of repeated deliveries. Where there are too many for one call the next ones go on, which is logged.
   */
  attempts(since: number): Promise<readonly DeliveryAttempt[]>;
  /** Asks for one more attempt of the same delivery. */
  redeliver(attempt: string): Promise<void>;
  /** Those that are not suspended. */
  installations(): Promise<readonly number[]>;
  repositories(installation: number): Promise<readonly SeenRepository[]>;
  /** Open issues that carry the label, those changed last first, a hundred at most. */
  labelled(installation: number, repo: RepoRef, label: string): Promise<readonly Issue[]>;
  /** False also when there is no such pull request (any more). */
  isPullRequestOpen(installation: number, repo: RepoRef, number: number): Promise<boolean>;
  /** Null when the issue's history does not show it. */
  labelling(installation: number, issue: Issue["ref"], label: string): Promise<Labelling | null>;
}
