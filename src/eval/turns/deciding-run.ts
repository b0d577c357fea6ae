import { applyPatch, parsePatch, type StructuredPatch } from "diff";
import { withoutColours } from "../../domain/visible-text.ts";
import { quote } from "../../languages/shell.ts";
import type { SourceText } from "../../pipeline/source-files.ts";
import type { SandboxFile } from "../../ports/sandbox.ts";
import type { Truth } from "../suite/case.ts";

/** How a case's deciding tests are run. */
export type DecidingRun = {
  /** The case's own tests, laid over whatever a patch made of them. */
  readonly files: readonly SandboxFile[];
  readonly script: string;
  readonly timeoutMs: number;
};

/** The run, or why it cannot be made here. */
export async function decidingRun(
  { testPatch, run }: Truth,
  read: (path: string) => Promise<SourceText>,
): Promise<DecidingRun | { readonly why: string }> {
  if (run.parser !== "pytest")
    return { why: `its tests are told by ${run.parser}, and only pytest's are read` };
  const files: SandboxFile[] = [];
  for (const file of patchesIn(testPatch)) {
    const patched = file === null ? null : await patchedFile(file, read);
    if (patched === null) return { why: "its test patch does not apply to its base commit" };
    files.push(patched);
  }
  const exports = Object.entries(run.env).map(([name, value]) => `export ${name}=${inTree(value)}\n`);
  return { files, script: exports.join("") + run.test_command, timeoutMs: run.timeout_s * 1000 };
}

/** A value as a word of the shell, where the tree lies in the place that it has in the cases' own runner. */
const inTree = (value: string): string =>
  value
    .split(/(?<![\w./-])\/repo(?=[/:]|$)/)
    .map((part) => (part === "" ? "" : quote(part)))
    .join('"$PWD"');

/** Null stands for what is no diff. */
function patchesIn(testPatch: string): readonly (StructuredPatch | null)[] {
  if (testPatch.trim() === "") return [];
  try {
    return parsePatch(testPatch);
  } catch {
    return [null];
  }
}

async function patchedFile(
  file: StructuredPatch,
  read: (path: string) => Promise<SourceText>,
): Promise<SandboxFile | null> {
  const [before, after] = [pathOf(file.oldFileName), pathOf(file.newFileName)];
  const source = before === null ? { text: "" } : await read(before);
  const content = "text" in source ? applyPatch(source.text, file) : false;
  if (content === false) return null;
  if (after !== null) return { place: "tree", path: after, content };
  return before === null ? null : { place: "tree", path: before, content: null };
}

const pathOf = (name: string | undefined): string | null =>
  name === undefined || name === "/dev/null" ? null : name.replace(/^[ab]\//, "");

const summary = /^=+ short test summary info =+$/;
const told = /^(PASSED|FAILED|ERROR|XFAIL|XPASS) (\S.*)$/;

/**
 * Tests by name as the summary of `pytest -rA` tells them. Only what stands behind the summary's last heading counts: code
 * under test may print such lines before it.
 */
export function pytestResults(output: string): ReadonlyMap<string, "passed" | "failed"> {
  const lines = withoutColours(output).split("\n");
  const heading = lines.findLastIndex((line) => summary.test(line.trimEnd()));
  const results = new Map<string, "passed" | "failed">();
  for (const line of heading === -1 ? [] : lines.slice(heading + 1)) {
    const [, status, rest = ""] = told.exec(line.trimEnd()) ?? [];
    if (status === undefined) continue;
    const name = status === "PASSED" ? rest : (rest.split(" - ")[0] ?? rest);
    const passed = status === "PASSED" || status.startsWith("X");
    // an error at the end of a test is told beside its pass
    if (results.get(name) !== "failed") results.set(name, passed ? "passed" : "failed");
  }
  return results;
}
