import type { Issue } from "./issue.ts";
import type { ErrorCode } from "./error-catalogue.ts";
import type { DeclineReason } from "./evidence.ts";

export type Trigger = {
  readonly kind: "label" | "command";
  readonly sender: string;
  /** The forge's id of the delivery that asked for the run. */
  readonly delivery: string;
};

export type Stage =
  "checkout" | "environment" | "reproduce" | "localize" | "generate" | "validate" | "rank" | "publish";

export const stages: readonly Stage[] = [
  "checkout",
  "environment",
  "reproduce",
  "localize",
  "generate",
  "validate",
  "rank",
  "publish",
];

export type RunState =
  | { readonly at: "queued" }
  | { readonly at: "running"; readonly stage: Stage }
  | { readonly at: "proposed"; readonly pullRequest: number; readonly url: string }
  | { readonly at: "declined"; readonly reason: DeclineReason | "refused" }
  /** An environment check came to its end; what it found is on the issue. */
  | { readonly at: "checked" }
  | { readonly at: "failed"; readonly code: ErrorCode }
  | { readonly at: "cancelled"; readonly by: string };

/** What a run does: repair the issue, or only build and try the environment of the default branch. */
export type RunKind = "repair" | "environment-check";

/** What a run needs to start: the issue as of its trigger, so that later edits cannot steer it. */
export type RunRequest = {
  readonly kind: RunKind;
  readonly installation: number;
  readonly issue: Issue;
  readonly trigger: Trigger;
};

export type RepairRun = RunRequest & {
  readonly id: string;
  /** How many runs this issue had before, plus one. */
  readonly attempt: number;
  readonly state: RunState;
};

export const isLive = (state: RunState): boolean => state.at === "queued" || state.at === "running";

/** Whether a run may go from one state to another; terminal states are final. */
export function canAdvance(from: RunState, to: RunState): boolean {
  if (!isLive(from)) return false;
  if (to.at === "queued") return from.at === "running";
  return from.at === "running" || to.at === "running" || to.at === "cancelled" || to.at === "failed";
}
