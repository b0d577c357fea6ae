import type { IssueRef, RepoRef } from "../domain/issue.ts";
import type { LimitHit, Limits } from "../domain/limits.ts";
import type { RepairRun, RunEvent, RunKind, RunRequest, Transition } from "../domain/run.ts";

/** A webhook delivery as received; `payload` is the parsed JSON. */
export type Delivery = { readonly id: string; readonly event: string; readonly payload: unknown };

/** What people want of a run that is at work. */
export type Orders = {
  /** Who asked to cancel it, and the run that takes its place, if one does. */
  readonly cancel: { readonly by: string; readonly successor: string | null } | null;
  /** Who asked it to finish with the best it has. */
  readonly stop: string | null;
};

/** The right to write a run: every write names its fence, and an older fence writes nothing. */
export type Claim = {
  readonly run: RepairRun;
  readonly owner: string;
  readonly fence: number;
  readonly orders: Orders;
  /** How often in a row its process ended without finishing a step. */
  readonly crashes: number;
  /** How often in a row it was postponed without finishing a step. */
  readonly postponements: number;
  /** When it was first claimed, later by what it has waited in the queue since; in milliseconds since 1970. */
  readonly startedAt: number;
};

export type RequestPolicy = {
  /** `repositoryRuns` is kept with the run: it begins when both this and the claim's own limit leave room. */
  readonly limits: Limits;
  /** What a request does to a live run of its issue: it takes its place, or is refused. */
  readonly newer: "supersede" | "refuse";
  /** Higher goes first. */
  readonly priority: number;
};

export type RequestOutcome =
  /** `superseded` are the runs whose place it takes: queued ones have ended, a running one is asked to. */
  | { readonly kind: "created"; readonly run: RepairRun; readonly superseded: readonly RepairRun[] }
  | { readonly kind: "already-live"; readonly run: RepairRun }
  | { readonly kind: "limited"; readonly hit: LimitHit };

export type OpenPullRequest = {
  readonly installation: number;
  readonly repo: RepoRef;
  readonly number: number;
};

/** How many runs of a kind are in a live state. */
export type LiveCount = {
  readonly kind: RunKind;
  readonly at: "queued" | "running";
  readonly runs: number;
};

/** Reads only: what pages and reports get. */
export interface RunReader {
  run(id: string): Promise<RepairRun | null>;
  /** Newest first. */
  recent(limit: number): Promise<readonly RepairRun[]>;
  /** The issue's live runs, the running one first; two while one takes the other's place. */
  live(issue: IssueRef): Promise<readonly RepairRun[]>;
  /** The issue's newest run, live or ended. */
  latest(issue: IssueRef): Promise<RepairRun | null>;
  /** Pull requests of ours that count as open, those heard of last first, `limit` at most. */
  openPullRequests(limit: number): Promise<readonly OpenPullRequest[]>;
  /** The run's history, oldest first. */
  transitions(id: string): Promise<readonly Transition[]>;
  /** How many queued runs would be begun before this one, by priority and order; null when it is not queued. */
  position(id: string): Promise<number | null>;
  /** The live runs of each kind and state, where there are any; in no order. */
  counts(): Promise<readonly LiveCount[]>;
}

/**
 * Deliveries and runs; each method is one transaction, and rows and queue entries are stored together. An issue has at
 * most one queued and one running run. Throws RepairError `store-unavailable` when the database cannot do it now.
 */
export interface RunStore extends RunReader {
  /** Stores a delivery and queues its handling; a repeated id stores nothing. */
  receive(delivery: Delivery): Promise<"stored" | "duplicate">;
  /** Null when it was never received, and when it has been handled. */
  delivery(id: string): Promise<Delivery | null>;
  /** Which of these delivery ids were never received. */
  unknownDeliveries(ids: readonly string[]): Promise<readonly string[]>;
  /** Marks a delivery as handled, so that it is not handed out again. */
  finishDelivery(id: string): Promise<void>;
  /**
   * Stores and queues a run. A request whose delivery already started a run of the issue answers `already-live` with
   * that run even when it has ended: deliveries are handled at least once.
   */
  request(request: RunRequest, policy: RequestPolicy): Promise<RequestOutcome>;
  /**
   * Takes the run that is next (see `nextRun`) for `owner`, null when none may begin now. The claim is a lease: it ends
   * when it is not extended in time.
   */
  claim(owner: string, limits: Limits): Promise<Claim | null>;
  /**
   * Extends the lease and reads the orders; `tokens` is what the run has used so far and counts at once. Throws
   * RepairError `lease-lost` when the claim is no longer the run's latest.
   */
  heartbeat(claim: Claim, tokens?: number): Promise<Orders>;
  /**
   * Moves the run; `tokens` is what the run has used in all and counts against its repository's limit. Throws
   * RepairError `lease-lost` when the claim is no longer the run's latest, or the event cannot happen to it.
   */
  advance(claim: Claim, event: RunEvent, tokens?: number): Promise<RepairRun>;
  /** Puts a claimed run back into the queue (shutdown); a lost claim changes nothing. */
  release(claim: Claim): Promise<void>;
  /**
   * Cancels a queued run at once and asks whoever runs a running one to stop (`requested`).
   * Null when there is no such run or it has ended.
   */
  requestCancel(runId: string, by: string): Promise<"cancelled" | "requested" | null>;
  /**
   * Asks a run that was begun to finish with the best it has, also when it waits; one that never was has nothing and is
   * cancelled.
   */
  requestStop(runId: string, by: string): Promise<"cancelled" | "requested" | null>;
  /**
   * The claim's run has opened that pull request: what people do with it counts from now on, not only when the run has
   * ended. Throws RepairError `lease-lost` when the claim is no longer the run's latest.
   */
  noteOpened(claim: Claim, number: number): Promise<void>;
  /**
   * A pull request of the bot was opened again or closed; others are ignored. `at` is when, by the forge's clock in
   * milliseconds since 1970: what is older than what is known changes nothing. Left out, it is so now.
   */
  notePullRequest(repo: RepoRef, number: number, open: boolean, at?: number): Promise<void>;
  /**
   * Queues again what dead processes left behind: runs whose lease has ended, deliveries that nobody finished. A store
   * that one process owns knows at its first call that whatever was running is dead. Returns how many runs.
   */
  recover(): Promise<number>;
  /**
   * True for one caller in `milliseconds`, among all processes; what is done by one at a time hangs on it. `longest` is
   * said by everybody who takes a duty that is prolonged: for how long at most.
   */
  takeDuty(name: string, milliseconds: number, longest?: number): Promise<boolean>;
  /** Nobody takes the duty for so long from now: what it is for has been done. */
  prolongDuty(name: string, milliseconds: number): Promise<void>;
}
