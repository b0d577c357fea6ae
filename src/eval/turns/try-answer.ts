import { transcriptOf, type ExecutionOutcome } from "../../domain/execution.ts";
import type { ChatMessage, Completion } from "../../domain/transcript.ts";
import { tailOf } from "../../domain/visible-text.ts";
import { applySample } from "../../pipeline/apply-sample.ts";
import { executeOne } from "../../pipeline/execute.ts";
import { patchedFiles } from "../../pipeline/run-tests.ts";
import type { SourceText } from "../../pipeline/source-files.ts";
import type { StageContext } from "../../pipeline/stage-context.ts";
import type { DecidingRun } from "../grading/deciding-run.ts";
import { trialOf } from "../grading/grade.ts";
import { reasoningLength } from "../metrics/reasoning-length.ts";
import { isResolved, type Trial } from "../metrics/resolved.ts";
import type { Truth } from "../suite/case.ts";
import { functionsAfter, type ChangedFunctions } from "./changed-functions.ts";
import type { Turn } from "./turns.ts";

/** What every answer to a case is tried with. */
export type Task = {
  readonly truth: Truth;
  readonly run: DecidingRun;
  readonly changed: readonly ChangedFunctions[];
  readonly read: (path: string) => Promise<SourceText>;
};

export type Tried = {
  readonly turn: Turn;
  /** For the model, where it is not solved. */
  readonly failures: string;
};

type Answered = { readonly sample: string; readonly call: string; readonly completion: Completion };

/** One answer of the model, applied and put to the deciding tests. */
export async function tryAnswer(
  context: StageContext,
  task: Task,
  chat: readonly ChatMessage[],
  { sample, call, completion }: Answered,
  label: string,
): Promise<Tried> {
  const text = { sample, index: 0, refines: null, chat, call, completion };
  const end = await applySample(context, task.read, text);
  const reasoning = reasoningOf(completion);
  if (end.kind !== "written") {
    const { reason, detail } =
      end.kind === "rejected" ? end.rejected : { reason: "no-answer", detail: end.why };
    const turn = { ...unanswered(reason), reasoning };
    return { turn, failures: `### Your answer is no patch ###\n${JSON.stringify(detail)}` };
  }
  const { written } = end;
  const outcome = await executeOne(context, {
    label: `turn/${label}`,
    files: [...patchedFiles(written.changes), ...task.run.files],
    command: { script: task.run.script, timeoutMs: task.run.timeoutMs, report: null },
  });
  const trial = trialOf(outcome, task.run);
  const solved = isResolved(trial, task.truth);
  const output = tailOf(task.run.log.failures(transcriptOf(outcome)), keptOutput);
  const turn = {
    solved,
    rejected: null,
    patch: written.patch,
    functions: functionsAfter(context.language, task.changed, written.changes),
    reasoning,
    failure: solved ? null : failureOf(trial, outcome, output),
  };
  return { turn, failures: failuresText(task.truth, trial, output) };
}

const reasoningOf = ({ text, reasoning, finish }: Completion): Turn["reasoning"] =>
  reasoningLength({ text, reasoning, reasoningTokens: null, cutByLimit: finish === "length" });

/** A turn without an answer that could be read. */
export const unanswered = (reason: string): Turn => ({
  solved: false,
  rejected: reason,
  patch: null,
  functions: null,
  reasoning: reasoningLength({ text: "", reasoning: "", reasoningTokens: null, cutByLimit: false }),
  failure: null,
});

/** Characters of an output, whose end matters most. */
const keptOutput = 4_000;
const shownTests = 10;
/** pytest's exit statuses for tests that ran: all passed, or some failed. */
const ran: readonly number[] = [0, 1];

const failureOf = (trial: Trial, outcome: ExecutionOutcome, output: string): Turn["failure"] => ({
  output,
  timedOut: trial.kind === "timed-out",
  collected: outcome.kind !== "exited" || ran.includes(outcome.exitCode),
  broke: trial.kind === "infrastructure",
});

/** In the form that the prompt's other callers use; every text of a program is quoted. */
function failuresText({ failToPass, passToPass }: Truth, trial: Trial, output: string): string {
  const passed = (test: string): boolean => trial.kind === "tested" && trial.results.get(test) === "passed";
  const failing = [...failToPass, ...passToPass].filter((test) => !passed(test));
  return (
    `### Tests that do not pass with your patch ###\n${JSON.stringify(failing.slice(0, shownTests))}\n` +
    `The end of the test run's output:\n${JSON.stringify(output)}`
  );
}
