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

/** A script to run, under a plain name. */
export type Script = { readonly name: string; readonly source: string };

export type Ended = { readonly outcome: ExecutionOutcome; readonly end: PocEnd };

/** The script in a fresh copy, with a nonce of its own. */
export async function runPoc(
  context: StageContext,
  label: string,
  { name, source }: Script,
  patched: Patched,
  timeoutMs = pocTimeoutMs,
): Promise<Ended> {
  const nonce = nonceOf(context.runId, `${label}/${name}`);
  const run = context.language.poc({ name, source, nonce });
  const outcomes = await execute(context, {
    ...patched,
    label,
    files: [...patched.files, ...run.files],
    commands: commandsOf(run, timeoutMs),
  });
  const [first = notRun, second = notRun] = outcomes;
  const outcome = run.build !== undefined && succeeded(first) ? second : first;
  return { outcome, end: endOf(outcome, nonce) };
}

function commandsOf({ build, script, report, input }: PocRun, timeoutMs: number): readonly SandboxCommand[] {
  const run = { script, timeoutMs, report, input };
  return build === undefined ? [run] : [{ ...build, report }, run];
}

/**
 * A candidate's scripts as they come (null for one that does not), each in a copy of its own. On a busy machine a script may
 * take too long without the patch's fault: one that did is run once more, with twice the time, when all have run. When that
 * fails too, the others that took too long are taken to do so as well.
 */
export function runPocsPatiently(
  context: StageContext,
  label: string,
  scripts: readonly Promise<Script | null>[],
  patched: Patched,
): readonly Promise<Ended | null>[] {
  const once = scripts.map(async (coming) => {
    const script = await coming;
    if (script === null) return null;
    return { script, ended: await runPoc(context, `${label}/${script.name}`, script, patched) };
  });

  async function again(): Promise<ReadonlyMap<string, Ended>> {
    const repeated = new Map<string, Ended>();
    const slow = (await Promise.all(once)).filter((run) => run?.ended.outcome.kind === "timed-out");
    for (const run of slow) {
      if (run === null) continue;
      const { script } = run;
      const ended = await runPoc(context, `${label}-again/${script.name}`, script, patched, 2 * pocTimeoutMs);
      if (ended.outcome.kind === "timed-out") break;
      repeated.set(script.name, ended);
    }
    return repeated;
  }
  const patiently = again();
  // Whoever waits for a script hears of it.
  patiently.catch(() => undefined);

  return once.map(async (coming) => {
    const run = await coming;
    if (run?.ended.outcome.kind !== "timed-out") return run?.ended ?? null;
    return (await patiently).get(run.script.name) ?? run.ended;
  });
}
