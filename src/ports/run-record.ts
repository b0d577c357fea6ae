import type { RecordedPullRequest } from "../domain/calibration/pull-request-outcome.ts";
import type { RepoRef } from "../domain/issue.ts";
import type { BlobReference } from "../domain/record/blob-reference.ts";
import type { RecordEvent } from "../domain/record/event.ts";

/** Keeps a long text beside the record, scrubbed, once per content; its reference stands for it in the event. */
export type KeepText = (text: string) => BlobReference;

/** What happened in one run, for audit, evaluation and learning. A record that cannot be kept never fails a run. */
export interface RunRecord {
  /**
   * Notes an event. `key` names the thing among events of its kind, so that the same thing told again (a resumed run) is
   * stored once; null for what happens anew each time. Never rejects; waits, a limited time, only when much is unwritten.
   */
  note(key: string | null, describe: (keep: KeepText) => RecordEvent): Promise<void>;
  /** Waits, a limited time, until what was noted is stored. Never rejects. */
  flush(): Promise<void>;
}

export type RecordEntry = {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly event: RecordEvent;
  /** Hashes of all texts that the event refers to. */
  readonly blobs: readonly string[];
  /** Those of them that may not be stored yet. */
  readonly texts: ReadonlyArray<{ readonly sha256: string; readonly text: string }>;
};

export type RecordedEvent = Pick<RecordEntry, "id" | "time" | "event"> & { readonly schemaVersion: number };

/** The records of all runs: events are added, never changed. Everything in them is scrubbed already. */
export interface RecordStore {
  /** Stores events of a run with their texts, all or none; known ids are left as they are. Throws when the run is gone. */
  append(runId: string, entries: readonly RecordEntry[]): Promise<void>;
  /** In the order in which they were stored. */
  events(runId: string): Promise<readonly RecordedEvent[]>;
  text(sha256: string): Promise<string | null>;
  /** The run that opened a pull request, the latest of several; null when none did. */
  runOfPullRequest(repo: RepoRef, number: number): Promise<string | null>;
  /**
   * The repository's newest pull requests, `limit` at most, newest first, each with the events that its outcome is told by in
   * the order in which they were stored. What another version stored and this one cannot read is left out.
   */
  pullRequests(repo: RepoRef, limit: number): Promise<readonly RecordedPullRequest[]>;
}
