import { describeOutcome, type ExecutionOutcome } from "../domain/execution.ts";
import type { PocKind } from "../domain/poc.ts";
import type { Language } from "../languages/language.ts";
import { tailOf } from "../domain/visible-text.ts";
import type { Prompt } from "../ports/prompt-book.ts";
import { promptFor } from "./language-prompt.ts";
import { render } from "./prompt.ts";
import type { StageContext } from "./stage-context.ts";

export type LastAttempt = {
  readonly source: string;
  readonly outcome: ExecutionOutcome;
  readonly reason: string;
};

/** Characters of each stream that are shown; the end matters most. */
const fedBack = 4_000;

/** The PoC prompt of a chain; from the second attempt on it carries the last script, its output and why it failed. */
export function pocPrompt(
  context: StageContext,
  kind: PocKind,
  last: LastAttempt | null,
): { readonly prompt: Prompt; readonly content: string } {
  const { language } = context;
  const { prompt, values } = promptFor(context, kind === "asserting" ? "poc-asserting" : "poc-printing");
  const content = render(prompt, {
    ...values,
    problem_statement: context.problem,
    last_time_poc_code: last === null ? "" : lastCode(language, last),
    execution_output: last === null ? "" : lastOutput(last.outcome),
    reason: last === null ? "" : lastErrors(last.reason),
  });
  return { prompt, content };
}

/** The script under its file name, as the models see it in JSON. */
export const pocCode = (language: Language, source: string): Readonly<Record<string, string>> => ({
  [language.pocName(source)]: source,
});

// The three blocks are those of reproduce.py (released code); the models saw them in this wording.
const lastCode = (language: Language, last: LastAttempt): string => `
### PoC Generated Last Time ###
Here is the PoC you generated last time:
--- Begin PoC ---
${JSON.stringify(pocCode(language, last.source), null, 4)}
--- End PoC ---
`;

const lastOutput = (outcome: ExecutionOutcome): string => `
Here are the stderr and stdout of the PoC you generated last time:
--- Begin Execution Output ---
${JSON.stringify(shownStreams(outcome), null, 4)}
--- End Execution Output ---
`;

const lastErrors = (reason: string): string => `
### Errors ###
Here are some errors of the PoC you generated last time, please pay attention to them and do not make the same mistakes again.
--- Begin Errors ---
${reason}
--- End Errors ---
`;

/** Both streams as the models that write and judge PoCs see them. */
export const shownStreams = (outcome: ExecutionOutcome): { stdout: string; stderr: string } =>
  outcome.kind === "not-started"
    ? { stdout: "", stderr: describeOutcome(outcome) }
    : { stdout: tailOf(outcome.stdout, fedBack), stderr: tailOf(outcome.stderr, fedBack) };
