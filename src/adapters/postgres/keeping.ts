import type { Clock } from "../../ports/clock.ts";
import type { FileCopies } from "../../ports/file-copies.ts";
import type { StoreBackup, StoredData } from "../../ports/kept-data.ts";
import type { RecordStore } from "../../ports/run-record.ts";
import { createBackup } from "./backup.ts";
import type { Enqueue } from "./jobs.ts";
import { createFileCopies } from "./file-copies.ts";
import { createRecordStore } from "./record-store.ts";
import { createStoredData } from "./stored-data.ts";
import type { Database, Transact } from "./tables.ts";

/** What a store keeps of runs beyond what it needs to run them, and what people do with all of it. */
export type Keeping = {
  readonly records: RecordStore;
  readonly files: FileCopies;
  readonly data: StoredData;
  readonly backup: StoreBackup;
};

export const createKeeping = (parts: {
  readonly db: Database;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly enqueue: Enqueue;
}): Keeping => ({
  records: createRecordStore(parts),
  files: createFileCopies(parts),
  data: createStoredData(parts),
  backup: createBackup(parts),
});
