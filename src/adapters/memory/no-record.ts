import type { RunRecord } from "../../ports/run-record.ts";

/** For runs that leave nothing behind (the command line). */
export const noRecord: RunRecord = { note: () => Promise.resolve(), flush: () => Promise.resolve() };
