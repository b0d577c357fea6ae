import type { Generated } from "kysely";

/** Tables of the record and of its removal; none of them is needed to run. */
export type RecordTables = {
  record_event: {
    /** Order in which they were stored. */
    sequence: Generated<number>;
    id: string;
    run_id: string;
    schema_version: number;
    kind: string;
    happened_at: Date;
    /** JSON, scrubbed. */
    event: string;
  };
  /** `hash` is the sha256 of the text, `content` its gzip. */
  record_blob: { hash: string; content: Uint8Array };
  record_link: { event_id: string; hash: string };
  /**
   * What was removed, for the files of other hosts: runs and logs by name, repositories by the hash of theirs; `former`
   * is one that has another name by now, whose old files a run may still read.
   */
  forgotten: { what: "run" | "repository" | "former" | "log"; name: string; forgotten_at: Date };
};
