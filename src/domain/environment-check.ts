import type { ExecutionOutcome } from "./execution.ts";

/** What building an environment alone and trying it without network gave. */
export type EnvironmentCheck = {
  readonly sha: string;
  /** Where the plan comes from. */
  readonly source: string;
  readonly language: string;
  /** Null when there was nothing to build. */
  readonly key: string | null;
  readonly cached: boolean;
  /** Of the build alone. */
  readonly seconds: number;
  readonly steps: ReadonlyArray<{ readonly name: string; readonly status: "done" | "cached" | "not-run" }>;
  /** File on the bot's host. */
  readonly logFile: string | null;
  /** What isolated the trial. */
  readonly sandbox: string;
  /** Why nothing can be executed at all, null when commands run. */
  readonly unable: string | null;
  readonly tests: TestTrial;
};

/** One run of the repository's tests, or why there was none. */
export type TestTrial =
  | {
      readonly kind: "ran";
      readonly command: string;
      readonly passed: number;
      readonly failed: number;
      readonly errored: number;
      readonly skipped: number;
      /** Why the results are not complete, null when they are. */
      readonly crashed: string | null;
      readonly ended: ExecutionOutcome["kind"];
      /** The command left no report, so its exit status stands for all of its tests. */
      readonly onlyExitStatus: boolean;
      /** The end of what the run printed; untrusted. */
      readonly output: string;
      readonly seconds: number;
    }
  | { readonly kind: "none"; readonly reason: string };
