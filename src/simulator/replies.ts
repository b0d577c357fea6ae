import { z } from "zod";
import { RepairError } from "../domain/errors.ts";
import type { ChatMessage } from "../domain/transcript.ts";

export const recordedStages = [
  "localize-files",
  "localize-lines",
  "generate",
  "critique",
  "feedback",
  "revise",
  "add-test",
  "plan",
  "poc-asserting",
  "poc-printing",
  "judge-poc",
  "judge-fix",
] as const;
const RecordedStage = z.enum(recordedStages);
export type RecordedStage = z.infer<typeof RecordedStage>;

/** Ways in which a server goes wrong instead of giving the recorded text. */
export const Fault = z.enum([
  "empty",
  "garbage-json",
  "drop-midway",
  "endless",
  "huge",
  "http-500",
  "http-401",
  "overload-503",
  "overflow-400",
  "hang",
]);
export type Fault = z.infer<typeof Fault>;

export const Reply = z.strictObject({
  text: z.string(),
  finish: z.enum(["stop", "length"]).optional(),
  fault: Fault.optional(),
  /** How often the fault hits before the text is given after all; without it, always. */
  faultTimes: z.int().positive().optional(),
  /** Wait before the first word, as if the request were queued. */
  delayMs: z.number().nonnegative().optional(),
});
export type Reply = z.infer<typeof Reply>;

const JudgeRule = z.strictObject({ when: z.array(z.string()), reply: Reply });

/**
 * Recorded model answers. `replies[stage][index][attempt]` answers the sample of that name. `judges[stage]` is for
 * stages whose prompt holds executed output: the first rule whose substrings all occur in the last user message.
 */
export const RecordedReplies = z.strictObject({
  /** Where the answers come from, shown wherever they are used. */
  origin: z.string().min(1),
  replies: z.partialRecord(RecordedStage, z.array(z.array(Reply))),
  judges: z.partialRecord(RecordedStage, z.array(JudgeRule)).optional(),
});
export type RecordedReplies = z.infer<typeof RecordedReplies>;

export type SampleName = { readonly stage: string; readonly index: number; readonly attempt: number };

/** `stage/index/attempt`, as in the sample header. */
export const sampleKey = (name: SampleName): string => `${name.stage}/${name.index}/${name.attempt}`;

/** A replies file's content, checked; `source` names the file in the message of the RepairError `usage`. */
export function parseReplies(json: string, source: string): RecordedReplies {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new RepairError("usage", `${source} is not JSON`, { cause: error });
  }
  const parsed = RecordedReplies.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RepairError("usage", `${source} is not a replies file:\n${z.prettifyError(parsed.error)}`);
}

/** The recorded answer to a sample, null when there is none. A stage's judge rules come before its list. */
export function findReply(
  recorded: RecordedReplies,
  name: SampleName,
  messages: readonly ChatMessage[],
): Reply | null {
  const stage = RecordedStage.safeParse(name.stage);
  if (!stage.success) return null;
  const question = messages.findLast((message) => message.role === "user")?.content ?? "";
  const rule = recorded.judges?.[stage.data]?.find((rule) =>
    rule.when.every((part) => question.includes(part)),
  );
  return rule?.reply ?? recorded.replies[stage.data]?.[name.index]?.[name.attempt] ?? null;
}

export const missingRecording = (name: SampleName): string => `no recorded answer for ${sampleKey(name)}`;

/** How many samples each stage has recorded; a run on recordings asks for exactly these. */
export function recordedCounts(recorded: RecordedReplies): Readonly<Record<RecordedStage, number>> {
  const count = (stage: RecordedStage): number => recorded.replies[stage]?.length ?? 0;
  return {
    "localize-files": count("localize-files"),
    "localize-lines": count("localize-lines"),
    generate: count("generate"),
    critique: count("critique"),
    feedback: count("feedback"),
    revise: count("revise"),
    "add-test": count("add-test"),
    plan: count("plan"),
    "poc-asserting": count("poc-asserting"),
    "poc-printing": count("poc-printing"),
    "judge-poc": count("judge-poc"),
    "judge-fix": count("judge-fix"),
  };
}

/** Tells for each sample how often it was asked, so that faults with `faultTimes` pass. */
export function createFaultCounter(): (name: SampleName, reply: Reply) => Fault | null {
  const asked = new Map<string, number>();
  return (name, reply) => {
    const key = sampleKey(name);
    const before = asked.get(key) ?? 0;
    asked.set(key, before + 1);
    if (reply.fault === undefined) return null;
    return reply.faultTimes === undefined || before < reply.faultTimes ? reply.fault : null;
  };
}
