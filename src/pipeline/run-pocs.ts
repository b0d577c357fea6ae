import { succeeded, type ExecutionOutcome } from "../domain/execution.ts";
import { endOf, type PocEnd } from "../domain/poc.ts";
import type { PocRun } from "../languages/language.ts";
import type { SandboxCommand } from "../ports/sandbox.ts";
import { execute, notRun } from "./execute.ts";
import type { Patched } from "./run-tests.ts";
import { nonceOf } from "./seed.ts";
import type { StageContext } from "./stage-context.ts";

/** Wall-clock limit of one script, without the time in which it is compiled. */
export const pocTimeoutMs = 30_000;

/** A script to run; the name is a plain one and the script's own within its job. */
export type Script = { readonly name: string; readonly source: string };

export type Ended = { readonly outcome: ExecutionOutcome; readonly end: PocEnd };

/** The scripts one after another in one fresh copy, each with a nonce of its own; one result per script, in order. */
export async function runPocs(
  context: StageContext,
  label: string,
  scripts: readonly Script[],
  patched: Patched,
  timeoutMs = pocTimeoutMs,
): Promise<readonly Ended[]> {
  const runs = scripts.map(({ name, source }) => {
    const nonce = nonceOf(context.runId, `${label}/${name}`);
    return { nonce, run: context.language.poc({ name, source, nonce }) };
  });
  const helpers = new Map(runs.flatMap(({ run }) => run.files.map((file) => [file.path, file])));
  const outcomes = await execute(context, {
    ...patched,
    label,
    files: [...patched.files, ...helpers.values()],
    commands: runs.flatMap(({ run }) => commandsOf(run, timeoutMs)),
  });
  const left = [...outcomes];
  return runs.map(({ nonce, run }) => {
    const build = run.build === undefined ? null : (left.shift() ?? notRun);
    const ran = left.shift() ?? notRun;
    const outcome = build === null || succeeded(build) ? ran : build;
    return { outcome, end: endOf(outcome, nonce) };
  });
}

function commandsOf({ build, script, report, input }: PocRun, timeoutMs: number): readonly SandboxCommand[] {
  const run = { script, timeoutMs, report, input };
  return build === undefined ? [run] : [{ ...build, report }, run];
}

/**
 * The same with a patch. On a busy machine a script may take too long without the patch's fault: one that did is run once
 * more, alone and with twice the time. When that fails too, the others that took too long are taken to do so as well.
 */
export async function runPocsPatiently(
  context: StageContext,
  label: string,
  scripts: readonly Script[],
  patched: Patched,
): Promise<readonly Ended[]> {
  if (scripts.length === 0) return [];
  const results = [...(await runPocs(context, label, scripts, patched))];
  for (const [at, script] of scripts.entries()) {
    if (results[at]?.outcome.kind !== "timed-out") continue;
    const alone = `${label}-again/${script.name}`;
    const [again] = await runPocs(context, alone, [script], patched, 2 * pocTimeoutMs);
    if (again === undefined || again.outcome.kind === "timed-out") break;
    results[at] = again;
  }
  return results;
}
