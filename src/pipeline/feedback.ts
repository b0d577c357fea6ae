import type { ChatMessage } from "../domain/transcript.ts";
import { rank } from "../domain/ranking.ts";
import { isDistrusted, pocsPassed, regressionsOf, type JudgedCandidate } from "../domain/verdict.ts";
import type { Poc } from "../domain/poc.ts";
import type { Prompt } from "../ports/prompt-book.ts";
import { applySample } from "./apply-sample.ts";
import type { Contest, Contestant, Round } from "./contest.ts";
import { failuresOf } from "./failures.ts";
import { render } from "./prompt.ts";
import { ask } from "./sample.ts";
import type { SourceText } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";
import type { SampleEnd } from "./written-sample.ts";

/** Turns after which more of them hardly find anything ('Fixing on the Fly', A.3). */
export const defaultFeedbackTurns = 2;

/** Patches that get an answer in one turn: the best ones, each of a class of its own. */
export const answersInTurn = 4;

/**
 * While no candidate passes, the models of the best ones are shown what failed and asked again, in their own conversation
 * ('Fixing on the Fly', A.1-A.3). Their answers are new candidates without votes of others, executed like all. The next
 * turn goes on with those that the last one found.
 */
export async function giveFeedback(
  context: StageContext,
  contest: Contest,
  pocs: readonly Poc[],
  read: (path: string) => Promise<SourceText>,
): Promise<void> {
  let candidates = contest.contestants();
  for (let turn = 0; turn < context.feedbackTurns; turn += 1) {
    if (context.stop.aborted || contest.contestants().some(({ judged }) => passes(judged))) return;
    const failing = best(context, candidates).flatMap((one) => {
      const failures = failuresOf(context, pocs, one);
      return failures === null ? [] : [{ one, failures }];
    });
    const told = failing.slice(0, answersInTurn);
    if (told.length === 0) return;
    await contest.run(roundOf(context, turn, told, read));
    const found = contest.turns().at(-1)?.found ?? [];
    candidates = contest.contestants().filter(({ candidate }) => found.includes(candidate.id));
  }
}

/** Whether a candidate has shown what it can: a script passes, or, without any, the tests; and nothing is broken. */
function passes({ verdict }: JudgedCandidate): boolean {
  if (regressionsOf(verdict).length > 0 || isDistrusted(verdict.tests)) return false;
  return verdict.pocs.length > 0 ? pocsPassed(verdict) > 0 : verdict.tests.kind === "ran";
}

function best(context: StageContext, candidates: readonly Contestant[]): readonly Contestant[] {
  const { ordered } = rank(
    candidates.map(({ judged }) => judged),
    context.rankingMethod,
  );
  return ordered.flatMap((judged) => candidates.find((one) => one.judged === judged) ?? []);
}

const roundOf = (
  context: StageContext,
  turn: number,
  told: ReadonlyArray<{ readonly one: Contestant; readonly failures: string }>,
  read: (path: string) => Promise<SourceText>,
): Round => ({
  samples: told.length,
  async write(onEnd) {
    await Promise.all(
      told.map(async ({ one, failures }, index) =>
        onEnd(await answerTo(context, turn, index, one, failures, read), index),
      ),
    );
  },
});

/** What a model is told of its answer, and the prompt behind it. */
export function feedbackOn(
  { prompts, language }: Pick<StageContext, "prompts" | "language">,
  failures: string,
): { readonly prompt: Prompt; readonly message: ChatMessage } {
  const prompt = prompts.prompt("feedback");
  return {
    prompt,
    message: { role: "user", content: render(prompt, { failures, fence: language.fences[0] }) },
  };
}

async function answerTo(
  context: StageContext,
  turn: number,
  index: number,
  { candidate, standing }: Contestant,
  failures: string,
  read: (path: string) => Promise<SourceText>,
): Promise<SampleEnd> {
  context.progress({ stage: "generate", text: `telling the model what failed, turn ${turn + 1}` });
  const { prompt, message } = feedbackOn(context, failures);
  const chat = [...standing.chat, message];
  const question = { prompt, messages: chat, index, attempt: turn, priority: 0 as const };
  const answer = await ask(context, { ...question, continues: standing.call });
  if (answer.kind === "failed") return { kind: "called-off", why: "failed" };
  const { sample, call, completion } = answer;
  return applySample(context, read, { sample, index, refines: candidate.id, chat, call, completion });
}
