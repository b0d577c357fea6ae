import type { ErrorCode } from "./error-catalogue.ts";
import type { DeclineReason } from "./evidence.ts";
import type { Issue } from "./issue.ts";

export type Trigger = {
  /** `reconcile`: the bot found a labelled issue whose delivery never arrived. */
  readonly kind: "label" | "command" | "reconcile";
  readonly sender: string;
  /** The id of the App that asked by itself, where one did. */
  readonly app?: number;
  /** The forge's id of the delivery that asked for the run. */
  readonly delivery: string;
  /** When it was asked for, by the forge's clock (ISO 8601): what is said from then on does not count. */
  readonly at?: string;
  /** `at` is when the run that it repeats was asked for; when it was itself the forge does not say. */
  readonly repeats?: true;
  /** The comment that asked, where one did: the bot's reactions stand on it. */
  readonly comment?: number;
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

/** Why a waiting run waits longer: `until` (milliseconds since 1970) is when it is tried again. */
export type Postponement = { readonly until: number; readonly code: ErrorCode };

/** The ends of a run. */
export type EndState =
  | { readonly at: "proposed"; readonly pullRequest: number; readonly url: string }
  | { readonly at: "declined"; readonly reason: DeclineReason | "refused" }
  /** An environment check came to its end; what it found is on the issue. */
  | { readonly at: "checked" }
  | { readonly at: "failed"; readonly code: ErrorCode }
  /** `successor` is the run that took its place; it also has the word on the issue. */
  | { readonly at: "cancelled"; readonly by: string; readonly successor?: string };

export type RunState =
  | { readonly at: "queued"; readonly postponed?: Postponement }
  | { readonly at: "running"; readonly stage: Stage }
  | EndState;

/**
 * What a run does: `repair` is what `fix`, `retry` and the label ask for, `reproduction` what `repro` and `test-addition`
 * what `add-test` asks for; the others have the names of their commands.
 */
export const runKinds = [
  "repair",
  "environment-check",
  "plan",
  "reproduction",
  "validation",
  "revision",
  "test-addition",
] as const;
export type RunKind = (typeof runKinds)[number];

/** The kinds whose runs write patches: what limits count. */
export const costlyKinds: readonly RunKind[] = ["repair", "revision", "test-addition"];

/** What a run needs to start: the issue as of its trigger, so that later edits cannot steer it. */
export type RunRequest = {
  readonly kind: RunKind;
  readonly installation: number;
  readonly issue: Issue;
  readonly trigger: Trigger;
  /** What the maintainer who asked wrote below the command; the models see it, as a hint. */
  readonly hint?: string;
  /** The branch to work on; left out: the default branch. */
  readonly base?: string;
  /** The file or folder that the run keeps to. */
  readonly path?: string;
  /** Somebody else's pull request for the issue stops it not. */
  readonly force?: boolean;
  /** The run whose samples are judged anew instead of writing new ones. */
  readonly judges?: string;
  /** The pull request that the run is about. */
  readonly pullRequest?: number;
};

export type RepairRun = RunRequest & {
  readonly id: string;
  /** How many runs this issue had before, plus one. */
  readonly attempt: number;
  readonly state: RunState;
};

/** Why a run stopped without an end: it goes on from its last finished step. */
export type Interruption = "shutdown" | "lease-expired" | "process-ended";

/** Everything that can happen to a run. */
export type RunEvent =
  | { readonly kind: "claimed"; readonly owner: string }
  | { readonly kind: "entered"; readonly stage: Stage }
  | { readonly kind: "interrupted"; readonly why: Interruption }
  | { readonly kind: "postponed"; readonly postponement: Postponement }
  | { readonly kind: "ended"; readonly state: EndState };

export const isLive = (state: RunState): boolean => state.at === "queued" || state.at === "running";

/** Where an event takes a run, or null when it cannot happen in that state; ends are final. */
export function transition(from: Pick<RunState, "at">, event: RunEvent): RunState | null {
  switch (event.kind) {
    case "claimed":
      return from.at === "queued" ? { at: "running", stage: "checkout" } : null;
    case "entered":
      return from.at === "running" ? { at: "running", stage: event.stage } : null;
    case "interrupted":
      return from.at === "running" ? { at: "queued" } : null;
    case "postponed":
      return from.at === "running" ? { at: "queued", postponed: event.postponement } : null;
    case "ended":
      // a run that nobody has begun cannot have found anything
      return from.at === "running" || (from.at === "queued" && event.state.at === "cancelled")
        ? event.state
        : null;
  }
}

/** The recorded cause of a transition, in words. */
export function causeOf(event: RunEvent): string {
  switch (event.kind) {
    case "claimed":
      return `claimed by ${event.owner}`;
    case "entered":
      return `entered ${event.stage}`;
    case "interrupted":
      return `interrupted: ${event.why}`;
    case "postponed":
      return `postponed: ${event.postponement.code}`;
    case "ended":
      return event.state.at === "cancelled" ? `cancelled by ${event.state.by}` : event.state.at;
  }
}

/** One line of a run's history; `time` is milliseconds since 1970. */
export type Transition = { readonly time: number; readonly cause: string; readonly state: RunState };
