import { areFarApart } from "../domain/measured-values.ts";
import { succeeded, transcriptOf, type ExecutionOutcome } from "../domain/execution.ts";
import { normaliseOutput, tailForJudge } from "../domain/output-form.ts";
import type { Poc } from "../domain/poc.ts";
import { digestOfOutput } from "../domain/output-digest.ts";
import type { PocResult } from "../domain/verdict.ts";
import { judge } from "./judge.ts";
import { pocCode } from "./poc-prompt.ts";
import type { Ended } from "./run-pocs.ts";
import type { StageContext } from "./stage-context.ts";

/** Characters of each output that the verdict judge sees, as in the released code. */
const judgedTail = 500;

/**
 * Whether a candidate fixed what the PoC shows. Asserting PoCs are decided by exit status and by the end that
 * only the script itself can come to; printing ones by the verdict judge on normalised outputs, except where the rule is
 * plain: the same output as before, where measured times and sizes count only when they are far apart, or a silent exit
 * before the end that the script reached on the base commit.
 */
export async function judgePoc(context: StageContext, poc: Poc, { outcome, end }: Ended): Promise<PocResult> {
  const printed = digestOfOutput(outcome);
  const tell = (result: PocResult["result"], more: Partial<PocResult> = {}): PocResult => ({
    poc: poc.id,
    result,
    judgedBy: "rule",
    outcome,
    printed,
    unchanged: false,
    ...more,
  });
  const [before, after] = [transcriptOf(poc.baseline), transcriptOf(outcome)];
  // Of an issue about speed or memory the numbers are all that can show a repair.
  const measured = areFarApart(before, after) ? "kept" : "masked";
  const stillBroken = (): PocResult =>
    tell("still-broken", { unchanged: measured === "masked" && printed === digestOfOutput(poc.baseline) });

  if (outcome.kind === "not-started") return tell("inconclusive");
  if (poc.kind === "asserting") {
    if (!succeeded(outcome)) return stillBroken();
    return end === "completed" ? tell("fixed") : tell("still-broken", { reason: endedEarly });
  }
  if (outcome.kind !== "exited") return tell("still-broken");
  // An error that ends the script may be the right answer to the issue, and the judge can read it.
  const silent = outcome.exitCode === 0 || outcome.stderr.trim() === "";
  if (poc.reachedEnd && end === null && silent) return tell("still-broken", { reason: endedEarly });

  if (measured === "masked" && normaliseOutput(before) === normaliseOutput(after)) return stillBroken();
  const { judgement } = await judge(context, "judge-fix", {
    issue_description: context.problem,
    poc_code: JSON.stringify(pocCode(context.language, poc.source)),
    old_execution_output: judgedStreams(poc.baseline, measured),
    new_execution_output: judgedStreams(outcome, measured),
  });
  const result = judgement === "yes" ? "fixed" : judgement === "no" ? "still-broken" : "inconclusive";
  return tell(result, { judgedBy: "model" });
}

const endedEarly = "code of the repository ended the process before the script came to its end";

/** Both streams in the shape of verify.py; normalised, so that equal behaviour is one question. */
function judgedStreams(outcome: ExecutionOutcome, measured: "masked" | "kept"): string {
  if (outcome.kind === "not-started") return transcriptOf(outcome);
  const judged = (text: string): string => tailForJudge(normaliseOutput(text, measured), judgedTail);
  return JSON.stringify({ stdout: judged(outcome.stdout), stderr: judged(outcome.stderr) });
}
