import { parsePoc } from "../../src/domain/parse-poc.ts";
import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import type { StageContext } from "../../src/pipeline/stage-context.ts";
import type { SampleOutcome } from "../../src/ports/inference-client.ts";
import type { SandboxFile } from "../../src/ports/sandbox.ts";
import { patchedLine, suspects } from "./workload/repository.ts";

export const textOf = (outcome: SampleOutcome): string => {
  if (outcome.kind === "failed") throw new Error(`a simulated call failed: ${outcome.failure.detail}`);
  return outcome.completion.text;
};

/** The script in a PoC answer. */
export const scriptIn = (context: StageContext, outcome: SampleOutcome): string =>
  parsePoc(textOf(outcome), "stop", context.language.fences) ?? "";

const filesOf = (patch: number | null): readonly SandboxFile[] =>
  patch === null ? [] : [{ place: "tree", path: suspects[0] ?? "", content: patchedLine(patch + 1) }];

/** Runs a script under a patch, null is the base commit. */
export async function runScript(
  { sandbox, language, signal }: StageContext,
  label: string,
  source: string,
  patch: number | null,
): Promise<ExecutionOutcome> {
  const { files, script, report, input } = language.poc({ name: "poc", source, nonce: label });
  const command = { script, report, input, timeoutMs: 30_000 };
  const job = { label, files: [...filesOf(patch), ...files], commands: [command] };
  return first(await sandbox.run(job, signal));
}

export async function runTests(
  { sandbox, signal }: StageContext,
  label: string,
  patch: number | null,
): Promise<ExecutionOutcome> {
  const command = { script: "tests", report: "test-report", timeoutMs: 600_000 };
  return first(await sandbox.run({ label, files: filesOf(patch), commands: [command] }, signal));
}

function first([outcome]: readonly ExecutionOutcome[]): ExecutionOutcome {
  if (outcome === undefined) throw new Error("the sandbox gave no outcome");
  return outcome;
}
