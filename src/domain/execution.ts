import { z } from "zod";

const finished = {
  stdout: z.string(),
  stderr: z.string(),
  /** Something of the streams is missing: they were cut to the sandbox's output limit. */
  cut: z.boolean(),
  /** Wall-clock milliseconds. */
  durationMs: z.number(),
  /** Text of the report file the command was asked to leave, null when it left none. */
  report: z.string().nullable(),
};

/** How one sandboxed command ended. */
export const ExecutionOutcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("exited"), exitCode: z.number(), ...finished }).readonly(),
  z.object({ kind: z.literal("timed-out"), ...finished }).readonly(),
  z.object({ kind: z.literal("out-of-memory"), ...finished }).readonly(),
  z.object({ kind: z.literal("not-started"), reason: z.string() }).readonly(),
]);
export type ExecutionOutcome = z.infer<typeof ExecutionOutcome>;

/** One test's result; `id` is stable between runs of the same selection. */
export type TestResult = {
  readonly id: string;
  readonly status: "passed" | "failed" | "errored" | "skipped";
  readonly seconds: number;
};

/**
 * Largest report file that a sandbox brings back, in bytes; a larger one counts as missing. Suites of 5,000 tests leave
 * one to four million bytes.
 */
export const maxReportBytes = 10 * 2 ** 20;

/** The one id of a test command that leaves no report. */
export const exitStatusId = "exit status of the test command";

/** A parsed report file. */
export type TestReport = {
  readonly results: readonly TestResult[];
  /** Why the results are not complete, null when they are. */
  readonly crashed: string | null;
  /** How the report contradicts the way in which the run ended, when it does. */
  readonly doubt?: string;
  /** What people should know of how the tests were run, when it is not what the plan says. */
  readonly note?: string;
};

export const succeeded = (outcome: ExecutionOutcome): boolean =>
  outcome.kind === "exited" && outcome.exitCode === 0;

/** Standard output followed by standard error, as the judges see it. */
export function transcriptOf(outcome: ExecutionOutcome): string {
  switch (outcome.kind) {
    case "not-started":
      return `(not started: ${outcome.reason})`;
    case "timed-out":
      return `${outcome.stdout}${outcome.stderr}\n(stopped after ${Math.round(outcome.durationMs / 1000)} s)`;
    case "out-of-memory":
      return `${outcome.stdout}${outcome.stderr}\n(killed: out of memory)`;
    case "exited":
      return outcome.stdout + outcome.stderr;
  }
}

/** One short phrase for people: "exit 1", "timed out after 30 s". */
export function describeOutcome(outcome: ExecutionOutcome): string {
  switch (outcome.kind) {
    case "exited":
      return `exit ${outcome.exitCode}`;
    case "timed-out":
      return `timed out after ${Math.round(outcome.durationMs / 1000)} s`;
    case "out-of-memory":
      return "out of memory";
    case "not-started":
      return "not started";
  }
}
