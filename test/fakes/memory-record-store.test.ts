import { recordStoreContract } from "../contracts/record-store.ts";
import { createMemoryJobQueue } from "./memory-job-queue.ts";
import { createMemoryRecordStore } from "./memory-record-store.ts";
import { createMemoryRunStore } from "./memory-run-store.ts";

recordStoreContract("the memory fake", () => {
  const runs = createMemoryRunStore(createMemoryJobQueue());
  return { runs, records: createMemoryRecordStore(runs) };
});
