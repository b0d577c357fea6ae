import { z } from "zod";
import type { ExecutionOutcome } from "../../domain/execution.ts";
import { executeOne } from "../../pipeline/execute.ts";
import { createSourceReader } from "../../pipeline/source-files.ts";
import type { StageContext } from "../../pipeline/stage-context.ts";
import { isResolved, type Trial } from "../metrics/resolved.ts";
import type { Truth } from "../suite/case.ts";
import { decidingRun, type DecidingRun } from "./deciding-run.ts";
import { filesAfter } from "./files-after.ts";

/** What a case's own tests say of a patch. */
export const Grade = z.object({
  resolved: z.boolean(),
  /** Why it is not resolved; empty where it is. */
  why: z.string(),
  /** Whether the machinery broke, not the patch: it counts as unresolved, and people are told. */
  broke: z.boolean(),
});
export type Grade = z.infer<typeof Grade>;

/**
 * Puts a patch to the tests that decide the case, in the sandbox and image of the run. The case's tests are laid over what
 * the patch made of them. Says why where this cannot be done here. Never shown to what is measured: call it when that is done.
 */
export async function gradePatch(
  context: StageContext,
  truth: Truth,
  patch: string | null,
): Promise<Grade | { readonly ungraded: string }> {
  const read = createSourceReader(context.checkout);
  const run = await decidingRun(truth, read);
  if ("why" in run) return { ungraded: run.why };
  if (patch === null || patch.trim() === "") return gradeOf({ kind: "empty" }, truth);
  const files = await filesAfter(patch, read);
  if (files === null) return gradeOf({ kind: "not-applicable" }, truth);
  const outcome = await executeOne(context, {
    label: "grade",
    files: [...files, ...run.files],
    command: { script: run.script, timeoutMs: run.timeoutMs, report: null },
  });
  return gradeOf(trialOf(outcome, run), truth);
}

/** What `timeout` exits with when it ended the command, which cases put before their tests. */
const endedByTimeout = 124;

/** How the deciding tests went. */
export function trialOf(outcome: ExecutionOutcome, { log }: Pick<DecidingRun, "log">): Trial {
  if (outcome.kind === "not-started") return { kind: "infrastructure", detail: outcome.reason };
  if (outcome.kind === "timed-out" || (outcome.kind === "exited" && outcome.exitCode === endedByTimeout))
    return { kind: "timed-out" };
  if (outcome.cut) return { kind: "infrastructure", detail: "the output was longer than is kept" };
  return { kind: "tested", results: log.read(outcome[log.stream]) };
}

function gradeOf(trial: Trial, truth: Truth): Grade {
  const resolved = isResolved(trial, truth);
  return { resolved, why: resolved ? "" : whyNot(trial, truth), broke: trial.kind === "infrastructure" };
}

function whyNot(trial: Trial, { failToPass, passToPass }: Truth): string {
  switch (trial.kind) {
    case "tested": {
      const missed = (tests: readonly string[]): number =>
        tests.filter((test) => trial.results.get(test) !== "passed").length;
      return `${missed(failToPass)} of ${failToPass.length} that must pass do not, ${missed(passToPass)} of ${passToPass.length} that must keep passing`;
    }
    case "empty":
      return "there is no patch";
    case "invalid":
    case "not-applicable":
      return "the patch does not apply";
    case "timed-out":
      return "the tests did not end in time";
    case "infrastructure":
      return trial.detail;
  }
}
