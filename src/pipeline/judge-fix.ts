import { succeeded, transcriptOf, type ExecutionOutcome } from "../domain/execution.ts";
import { normaliseOutput, tailForJudge } from "../domain/output-form.ts";
import type { Poc } from "../domain/poc.ts";
import type { PocResult } from "../domain/verdict.ts";
import { judge } from "./judge.ts";
import type { StageContext } from "./stage-context.ts";

/** Characters of each output that the verdict judge sees, as in the released code. */
const judgedTail = 500;

/**
 * Whether a candidate fixed what the PoC shows. Asserting PoCs are decided by exit status alone; printing ones by the
 * verdict judge on normalised outputs, except where the rule is plain: the same output as before, or no end.
 */
export async function judgePoc(
  context: StageContext,
  poc: Poc,
  outcome: ExecutionOutcome,
): Promise<PocResult> {
  const byRule = (result: PocResult["result"]): PocResult => ({
    poc: poc.id,
    result,
    judgedBy: "rule",
    outcome,
  });
  if (outcome.kind === "not-started") return byRule("inconclusive");
  if (poc.kind === "asserting") return byRule(succeeded(outcome) ? "fixed" : "still-broken");
  if (outcome.kind !== "exited") return byRule("still-broken");

  const before = normaliseOutput(transcriptOf(poc.baseline));
  const after = normaliseOutput(transcriptOf(outcome));
  if (before === after) return byRule("still-broken");
  const { judgement } = await judge(context, "judge-fix", {
    issue_description: context.problem,
    poc_code: JSON.stringify({ "poc_code.py": poc.source }),
    old_execution_output: judgedStreams(poc.baseline),
    new_execution_output: judgedStreams(outcome),
  });
  const result = judgement === "yes" ? "fixed" : judgement === "no" ? "still-broken" : "inconclusive";
  return { poc: poc.id, result, judgedBy: "model", outcome };
}

/** Both streams in the shape of verify.py; normalised, so that equal behaviour is one question. */
function judgedStreams(outcome: ExecutionOutcome): string {
  if (outcome.kind === "not-started") return transcriptOf(outcome);
  const judged = (text: string): string => tailForJudge(normaliseOutput(text), judgedTail);
  return JSON.stringify({ stdout: judged(outcome.stdout), stderr: judged(outcome.stderr) });
}
