import { z } from "zod";
import { BlobReference } from "./blob-reference.ts";

const RecordedOutcome = z
  .object({
    ended: z.enum(["exited", "timed-out", "out-of-memory", "not-started"]),
    exitCode: z.int().nullable(),
    milliseconds: z.number().nullable(),
    /** Something of the streams is missing. */
    cut: z.boolean(),
    stdout: BlobReference.nullable(),
    stderr: BlobReference.nullable(),
    report: BlobReference.nullable(),
    /** Why it was not started. */
    reason: z.string().nullable(),
  })
  .readonly();
export type RecordedOutcome = z.infer<typeof RecordedOutcome>;

export const executionKinds = ["poc", "baseline", "candidate-pocs", "candidate-tests", "other"] as const;
export type ExecutionKind = (typeof executionKinds)[number];

/** What a sandbox job was for, from its label. */
export function executionKind(label: string): ExecutionKind {
  if (label.startsWith("poc")) return "poc";
  if (label.startsWith("baseline")) return "baseline";
  const part = /^candidate\/[^/]+\/(\w+)/.exec(label)?.[1];
  return part === "pocs" ? "candidate-pocs" : part === "tests" ? "candidate-tests" : "other";
}

/** One sandbox job: commands run one after another in a fresh copy of the base tree, without network. */
export const ExecutionEvent = z
  .object({
    kind: z.literal("execution"),
    label: z.string(),
    what: z.enum(executionKinds),
    baseSha: z.string(),
    isolation: z.string(),
    /** What the commands ran in, as the sandbox knows it; null means its default. */
    environment: z.string().nullable(),
    /** Laid over the tree; `sha256` of the content as it was, null for a deletion. */
    files: z
      .array(z.object({ place: z.string(), path: z.string(), sha256: z.string().nullable() }).readonly())
      .readonly(),
    commands: z
      .array(
        z
          .object({
            script: z.string(),
            input: BlobReference.nullable(),
            timeoutMs: z.number(),
            /** Null when the sandbox owed it. */
            outcome: RecordedOutcome.nullable(),
            /** Per test, where the command was a test run that could be read. */
            tests: z
              .array(z.object({ id: z.string(), status: z.string(), seconds: z.number() }).readonly())
              .readonly()
              .nullable(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
export type ExecutionEvent = z.infer<typeof ExecutionEvent>;
