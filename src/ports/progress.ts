import type { Stage } from "../domain/run.ts";

/** One thing that happened in a run, as people want to see it. */
export type ProgressEvent = {
  readonly stage: Stage;
  /** One line, present tense, no untrusted text. */
  readonly text: string;
  /** Work done and known in total, when the stage counts. */
  readonly done?: number;
  readonly total?: number;
};

/** Receives progress; must not throw and is not awaited. */
export type ReportProgress = (event: ProgressEvent) => void;
