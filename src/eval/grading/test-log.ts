import { djangoResults } from "./django-log.ts";
import { pytestFailures, pytestResults } from "./pytest-log.ts";
import { sympyResults } from "./sympy-log.ts";
import type { TestLog } from "../metrics/resolved.ts";

/** How the results of one kind of test program are read from what it prints. */
export type TestLogReader = {
  /** The stream on which the program tells; the other one belongs to the code under test alone. */
  readonly stream: "stdout" | "stderr";
  readonly read: (output: string) => TestLog;
  /** The part of the output that tells how tests failed. */
  readonly failures: (output: string) => string;
};

/** By the parser that a case names. */
export const testLogReaders: Readonly<Record<string, TestLogReader | undefined>> = {
  pytest: { stream: "stdout", read: pytestResults, failures: pytestFailures },
  sympy: { stream: "stdout", read: sympyResults, failures: whole },
  django: { stream: "stderr", read: djangoResults, failures: whole },
};

function whole(output: string): string {
  return output;
}
