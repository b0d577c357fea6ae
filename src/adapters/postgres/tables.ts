import type { Generated, Kysely, Transaction } from "kysely";
import type { RecordTables } from "./record-tables.ts";

/** Documents (payload, request, state, value) are JSON as text: jsonb refuses strings with NUL characters. */
export type Tables = {
  delivery: {
    id: string;
    event: string;
    payload: string;
    received_at: Date;
    handled_at: Date | null;
    /** When its handling was last queued, and how often again. */
    queued_at: Date;
    tries: Generated<number>;
  };
  run: {
    id: string;
    /** Order of creation; ids alone do not order runs of the same millisecond. */
    sequence: Generated<number>;
    issue_key: string;
    trigger_delivery: string;
    attempt: number;
    request: string;
    /** `at` of the state, beside the whole state, for indexes and conditions. */
    at: string;
    state: string;
    owner: string | null;
    fence: number;
    cancel_by: string | null;
    created_at: Date;
    changed_at: Date;
    kind: string;
    installation: number;
    /** In small letters: GitHub takes names that differ in case for the same one. */
    repository: string;
    priority: number;
    /** Runs of its repository that may work at the same time for it to begin; null: as the operator says. */
    at_once: number | null;
    /** A postponed run waits until then. */
    not_before: Date | null;
    /** By the database's clock, which all hosts share. */
    lease_until: Date | null;
    /** The last and the first claim. */
    claimed_at: Date | null;
    started_at: Date | null;
    stop_by: string | null;
    /** The run that takes this one's place once it has stopped. */
    successor: string | null;
    crashes: Generated<number>;
    postponements: Generated<number>;
    tokens: Generated<number>;
    pull_request: number | null;
    pull_request_open: Generated<boolean>;
    /** When it was closed or opened again last, by GitHub's clock. */
    pull_request_at: Date | null;
  };
  run_transition: {
    sequence: Generated<number>;
    run_id: string;
    happened_at: Date;
    cause: string;
    state: string;
  };
  /** What one process does for all, and until when it has the turn. */
  duty: { name: string; taken_until: Date };
  step: {
    run_id: string;
    name: string;
    inputs: string;
    /** Exactly one of `value` and `blob` is set. */
    value: string | null;
    blob: string | null;
    finished_at: Date;
  };
  blob: { hash: string; content: string };
  /** A file of a default branch as it was read last; `content` is null where there was none. */
  file_copy: {
    installation: number;
    /** In small letters. */
    repository: string;
    path: string;
    content: Uint8Array | null;
    read_at: Date;
  };
} & RecordTables;

export type Database = Kysely<Tables>;
export type DatabaseTransaction = Transaction<Tables>;

/** Runs `work` in one transaction; whatever it does must go through the transaction it is given. */
export type Transact = <T>(work: (transaction: DatabaseTransaction) => Promise<T>) => Promise<T>;
