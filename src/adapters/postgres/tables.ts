import type { Generated, Kysely, Transaction } from "kysely";

/** Documents (payload, request, state, value) are JSON as text: jsonb refuses strings with NUL characters. */
export type Tables = {
  delivery: {
    id: string;
    event: string;
    payload: string;
    received_at: Date;
    handled_at: Date | null;
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
  };
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
};

export type Database = Kysely<Tables>;
export type DatabaseTransaction = Transaction<Tables>;

/** Runs `work` in one transaction; whatever it does must go through the transaction it is given. */
export type Transact = <T>(work: (transaction: DatabaseTransaction) => Promise<T>) => Promise<T>;
