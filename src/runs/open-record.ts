import type { BotFacts } from "../domain/record/run-events.ts";
import type { RunRecord } from "../ports/run-record.ts";
import type { Claim } from "../ports/run-store.ts";
import { recordRun } from "./record-ends.ts";
import { createRunRecorder, type RecorderParts } from "./run-recorder.ts";

/** Begins, or goes on with, the records of runs that this process works on. */
export const createRecords =
  (parts: RecorderParts & { readonly bot: BotFacts }) =>
  (claim: Claim): RunRecord => {
    const record = createRunRecorder(parts, claim.run.id, `${claim.fence}`);
    void recordRun(record, claim.run, parts.bot);
    return record;
  };
