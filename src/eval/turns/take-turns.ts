import type { ChatMessage, Completion } from "../../domain/transcript.ts";
import type { Prompt } from "../../ports/prompt-book.ts";
import { feedbackOn } from "../../pipeline/feedback.ts";
import { generationTask } from "../../pipeline/generate.ts";
import { ask } from "../../pipeline/sample.ts";
import { createSourceReader } from "../../pipeline/source-files.ts";
import type { StageContext } from "../../pipeline/stage-context.ts";
import type { Truth } from "../suite/case.ts";
import { decidingRun } from "../grading/deciding-run.ts";
import { changedFunctions, fixedFunctions, type ChangedFunctions } from "./changed-functions.ts";
import { tryAnswer, unanswered, type Task } from "./try-answer.ts";
import type { Turn, Turns } from "./turns.ts";

export type TurnsPlan = {
  readonly turns: number;
  /** Which of several answers to the same question: a run of its own. */
  readonly sample: number;
};

type Question = {
  readonly prompt: Prompt;
  readonly messages: readonly ChatMessage[];
  /** The answer whose conversation it goes on with. */
  readonly continues?: string;
};

/**
 * The repair of known functions, as `Fixing on the Fly` measures it (3.2.2): the model is shown the functions that the fix
 * changes and, turn by turn, how the deciding tests failed with its last answer. Nothing is localized, voted on or chosen.
 * Says why a case cannot be asked this way.
 */
export async function takeTurns(
  context: StageContext,
  truth: Truth,
  { turns, sample }: TurnsPlan,
): Promise<Turns | { readonly why: string }> {
  const read = createSourceReader(context.checkout);
  const run = await decidingRun(truth, read);
  if ("why" in run) return run;
  const changed = await changedFunctions(context.language, truth.fix, read);
  const asked = await generationTask(context, shown(changed));
  if (asked === null) return { why: "its fix changes no function that was there before" };

  const task: Task = { truth, run, changed, read };
  const taken: Turn[] = [];
  let question: Question = asked;
  for (let turn = 0; turn < turns; turn += 1) {
    const attempt = Math.max(0, turn - 1);
    const answer = await ask(context, { ...question, index: sample, attempt, priority: 2 });
    if (answer.kind === "failed") {
      taken.push(unanswered(answer.failure.reason));
      break;
    }
    const { messages } = question;
    const tried = await tryAnswer(context, task, messages, answer, `${sample}/${turn}`);
    taken.push(tried.turn);
    if (tried.turn.solved || tried.turn.failure?.broke === true) break;
    const next = nextQuestion(context, messages, answer.completion, tried.failures);
    question = { ...next, continues: answer.call };
  }
  const { language } = context;
  return { language: language.id, reference: fixedFunctions(language, changed, truth.fix), taken };
}

/** The functions as places that nobody voted on. */
const shown = (changed: readonly ChangedFunctions[]) => ({
  files: changed.map(({ path }) => ({ path, votes: 0 })),
  locations: changed.flatMap(({ path, functions }) =>
    functions.map(({ range }) => ({ path, range, votes: 0 })),
  ),
  sources: changed.map(({ path, text }) => ({ path, text })),
});

function nextQuestion(
  context: StageContext,
  messages: readonly ChatMessage[],
  { text }: Completion,
  failures: string,
): Question {
  const { prompt, message } = feedbackOn(context, failures);
  return { prompt, messages: [...messages, { role: "assistant", content: text }, message] };
}
