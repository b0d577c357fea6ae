import { quote } from "../../languages/shell.ts";
import type { SourceText } from "../../pipeline/source-files.ts";
import type { SandboxFile } from "../../ports/sandbox.ts";
import type { Truth } from "../suite/case.ts";
import { filesAfter } from "./files-after.ts";
import { testLogReaders, type TestLogReader } from "./test-log.ts";

/** How a case's deciding tests are run. */
export type DecidingRun = {
  /** The case's own tests, laid over whatever a patch made of them. */
  readonly files: readonly SandboxFile[];
  readonly script: string;
  readonly timeoutMs: number;
  readonly log: TestLogReader;
};

/** The run, or why it cannot be made here. */
export async function decidingRun(
  { testPatch, run }: Truth,
  read: (path: string) => Promise<SourceText>,
): Promise<DecidingRun | { readonly why: string }> {
  const log = testLogReaders[run.parser];
  const readable = Object.keys(testLogReaders).join(", ");
  if (log === undefined) return { why: `its tests are told by ${run.parser}; what is read is ${readable}` };
  const files = testPatch.trim() === "" ? [] : await filesAfter(testPatch, read);
  if (files === null) return { why: "its test patch does not apply to its base commit" };
  const exports = Object.entries(run.env).map(([name, value]) => `export ${name}=${inTree(value)}\n`);
  return { files, script: exports.join("") + run.test_command, timeoutMs: run.timeout_s * 1000, log };
}

/** A value as a word of the shell, where the tree lies in the place that it has in the cases' own runner. */
const inTree = (value: string): string =>
  value
    .split(/(?<![\w./-])\/repo(?=[/:]|$)/)
    .map((part) => (part === "" ? "" : quote(part)))
    .join('"$PWD"');
