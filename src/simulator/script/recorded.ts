import { findReply, missingRecording, sampleKey } from "../replies.ts";
import type { Fault, RecordedReplies, Reply } from "../replies.ts";
import type { PlannedFault, ServerFault } from "./faults.ts";
import type { Script, ScriptCall } from "./script.ts";

/** Recorded replies as a script: chosen by the sample's name, choice i of a group being the ith sample after it. */
export function scriptOfReplies(recorded: RecordedReplies, sampleHeader: string): Script {
  const find = (call: ScriptCall, choice: number): Reply | null => {
    if (call.sample === null) return null;
    return findReply(recorded, { ...call.sample, index: call.sample.index + choice }, call.messages);
  };
  return {
    reply(call) {
      const first = find(call, 0);
      if (first === null || call.sample === null) return null;
      return {
        answer(choice) {
          const reply = find(call, choice) ?? first;
          return { text: reply.text, finish: reply.finish ?? "stop" };
        },
        isCut: false,
        usage: null,
        faults: plannedFaults(first),
        faultKey: sampleKey(call.sample),
      };
    },
    missing(call) {
      if (call.sample !== null) return { message: missingRecording(call.sample), status: 422 };
      return {
        message: `recorded answers are chosen by the header ${sampleHeader}: stage/index/attempt`,
        status: 400,
      };
    },
  };
}

function plannedFaults({ fault, faultTimes, delayMs = 0 }: Reply): readonly PlannedFault[] {
  const delay: readonly PlannedFault[] =
    delayMs === 0 ? [] : [{ fault: { kind: "delay-headers", ms: delayMs } }];
  if (fault === undefined) return delay;
  return [
    ...delay,
    { fault: serverFaults[fault], ...(faultTimes === undefined ? {} : { times: faultTimes }) },
  ];
}

const serverFaults: Readonly<Record<Fault, ServerFault>> = {
  empty: { kind: "empty" },
  "garbage-json": { kind: "bad-json", chunks: 0 },
  "drop-midway": { kind: "reset-after", chunks: 2 },
  endless: { kind: "endless" },
  huge: { kind: "huge", bytes: 50 * 1024 * 1024 },
  "http-500": { kind: "server-error" },
  "http-401": { kind: "unauthorized" },
  "overload-503": { kind: "overload", status: 503, retryAfter: "0" },
  "overflow-400": { kind: "overflow" },
  hang: { kind: "hang" },
};
