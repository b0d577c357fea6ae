import { createSystemClock } from "../../src/adapters/system/clock.ts";
import { fileCopiesContract } from "../contracts/file-copies.ts";
import { jobQueueContract } from "../contracts/job-queue.ts";
import { journalContract } from "../contracts/journal.ts";
import { runStoreContract } from "../contracts/run-store.ts";
import { createMemoryFileCopies } from "./memory-file-copies.ts";
import { createMemoryJobQueue } from "./memory-job-queue.ts";
import { createMemoryJournal } from "./memory-journal.ts";
import { createMemoryRunStore } from "./memory-run-store.ts";

function makeSubject() {
  const queue = createMemoryJobQueue();
  return { queue, runs: createMemoryRunStore(queue, { clock: createSystemClock() }) };
}

runStoreContract("the memory fake", () => ({
  store: makeSubject().runs,
  impatient: createMemoryRunStore(createMemoryJobQueue(), { clock: createSystemClock(), leaseMs: 250 }),
}));
jobQueueContract("the memory fake", makeSubject);
fileCopiesContract("the memory fake", createMemoryFileCopies);
journalContract("the memory fake", () => {
  const { runs } = makeSubject();
  return { runs, journal: (claim) => createMemoryJournal(runs, claim) };
});
