import type { IssueRef, RepoRef } from "../domain/issue.ts";

/** Whose data: of one issue, of a repository, or of an installation of the App. */
export type DataScope =
  | { readonly kind: "issue"; readonly issue: IssueRef }
  | { readonly kind: "repository"; readonly repo: RepoRef }
  | { readonly kind: "installation"; readonly installation: number };

/** How many days are kept of runs that have ended; null keeps them for ever. */
export type Retention = {
  /** Deliveries' bodies; their ids stay, so that a late repetition is still known. */
  readonly deliveries: number | null;
  /** Steps of the journal: answers and outcomes that only a resumed run needs. */
  readonly steps: number | null;
  /** The record of runs: transcripts, outputs, verdicts, feedback. */
  readonly records: number | null;
  /** Build logs and report files. */
  readonly logs: number | null;
};

/** Rows and files by what they are, e.g. `{ runs: 2, deliveries: 3, steps: 120, blobs: 80 }`. */
export type DataCounts = Readonly<Record<string, number>>;

/** That a repository has another name, or another owner. */
export type Renaming = {
  readonly from: RepoRef;
  readonly to: RepoRef;
  /** That sees it by now. */
  readonly installation: number;
  /** The delivery that says so: what came later under the old name is about another repository. */
  readonly told: string;
};

/** What is stored about people's work, as a whole: given out, removed, or aged out. */
export interface KeptData {
  /** Everything in the scope, one JSON value a line, in an order that `import` of the same version could replay. */
  export(scope: DataScope): AsyncIterable<unknown>;
  /** Removes everything in the scope. Runs that are live are refused (RepairError `usage`) unless they were cancelled first. */
  remove(scope: DataScope): Promise<DataCounts>;
  /** Removes what is older than its retention, never anything of a live run. */
  prune(retention: Retention): Promise<DataCounts>;
  /**
   * Gives everything about a repository its new name; doing it again changes nothing. A live run goes on. Throws
   * RepairError `store-unavailable` while an issue has a live run under either name.
   */
  rename(renaming: Renaming): Promise<DataCounts>;
  /** Whose runs of the repository are stored. */
  installationsOf(repo: RepoRef): Promise<readonly number[]>;
}

/** What a scope holds beside its rows: by whom files are named. */
export type Reach = {
  readonly runs: readonly string[];
  /** Whole repositories, `owner/name` in small letters; none when the scope is one issue. */
  readonly repositories: readonly string[];
  /** Names of build logs. */
  readonly logs: readonly string[];
};

/** The part of it that lies in the database, for all hosts. */
export interface StoredData extends KeptData {
  /** Throws RepairError `usage` when a run in the scope is live, unless those are wanted too. */
  reach(scope: DataScope, wanted: { readonly live: boolean }): Promise<Reach>;
  /** What of `kept` was removed, by whichever process, and is not there again. */
  forgotten(kept: Reach): Promise<Reach>;
}

/** The part of it that lies in files of one kind, on this host. */
export interface KeptFiles {
  inventory(): Promise<Reach>;
  export(reach: Reach): AsyncIterable<unknown>;
  remove(reach: Reach): Promise<DataCounts>;
  prune(retention: Retention): Promise<DataCounts>;
}

/** The whole database, for another one of the same version: also the way from the embedded store to a server. */
export interface StoreBackup {
  /** Hands out every row, after a first value that says what follows, as of one moment. Returns how many rows. */
  backup(write: (value: unknown) => Promise<void>): Promise<number>;
  /**
   * Stores what `backup` handed out, all or nothing, and queues what waits in it. Returns how many rows. Throws RepairError
   * `usage` when this store is not empty, or when the values are of another version or not whole.
   */
  restore(values: AsyncIterable<unknown>): Promise<number>;
}
