import { z } from "zod";
import { canonicalJson, sha256 } from "../canonical-json.ts";
import { CallEvent } from "./call.ts";
import { ExecutionEvent } from "./execution-event.ts";
import { FeedbackEvent, TestAddedEvent } from "./feedback.ts";
import {
  BaselineEvent,
  CandidateEvent,
  LocalizationEvent,
  PocEvent,
  RejectionEvent,
  SelectionEvent,
  VerdictEvent,
} from "./method-events.ts";
import { EndedEvent, EnvironmentFailedEvent, RunEventRecord, SetupEvent } from "./run-events.ts";

/** Raised when the meaning of a stored event changes; readers know every version there was. */
export const schemaVersion = 1;

/** One thing that happened in a run, or to its pull request. Nothing in the record is needed to run. */
export const RecordEvent = z.discriminatedUnion("kind", [
  RunEventRecord,
  SetupEvent,
  EnvironmentFailedEvent,
  CallEvent,
  LocalizationEvent,
  CandidateEvent,
  RejectionEvent,
  PocEvent,
  BaselineEvent,
  ExecutionEvent,
  VerdictEvent,
  SelectionEvent,
  FeedbackEvent,
  TestAddedEvent,
  EndedEvent,
]);
export type RecordEvent = z.infer<typeof RecordEvent>;

/** The same for the same thing, however often it is told: a resumed run tells everything once more. */
export const eventId = (runId: string, kind: RecordEvent["kind"], key: string): string =>
  sha256(canonicalJson([runId, kind, key])).slice(0, 32);
