import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import { normaliseOutput, tailForJudge } from "../../src/domain/output-form.ts";
import type { PocKind } from "../../src/domain/poc.ts";
import type { ChatMessage } from "../../src/domain/transcript.ts";
import { codeSegments } from "../../src/pipeline/code-segments.ts";
import { promptFor } from "../../src/pipeline/language-prompt.ts";
import { packFiles, type SourceFile } from "../../src/pipeline/numbered-files.ts";
import { pocCode, pocPrompt, shownStreams, type LastAttempt } from "../../src/pipeline/poc-prompt.ts";
import { characterBudget } from "../../src/pipeline/prompt-budget.ts";
import { render } from "../../src/pipeline/prompt.ts";
import { fixableFiles, renderTree } from "../../src/pipeline/repository-tree.ts";
import type { StageContext } from "../../src/pipeline/stage-context.ts";
import type { CallPriority, SampleRequest } from "../../src/ports/inference-client.ts";
import type { Prompt } from "../../src/ports/prompt-book.ts";
import { suspectFunctions, suspects } from "./workload/repository.ts";

/** What one call asks, before it is known which sample of its stage it is. */
export type Asked = { readonly prompt: Prompt; readonly messages: readonly ChatMessage[] };

/**
 * The questions of one issue for schedules that are not the pipeline's: the same bytes as the pipeline sends, since its own
 * functions write them, but no order in which they are asked.
 */
export async function questionsOf(context: StageContext) {
  const { prompts, language, checkout, problem } = context;
  const asked = (prompt: Prompt, content: string): Asked => ({
    prompt,
    messages: [{ role: "user", content }],
  });
  const sources = await Promise.all(
    suspects.map(async (path): Promise<SourceFile> => ({
      path,
      text: Buffer.from((await checkout.read(path)) ?? []).toString("utf8"),
    })),
  );

  const filePrompt = prompts.prompt("localize-files");
  const paths = fixableFiles(await checkout.entries(), language);
  const structure = renderTree(paths, problem, await characterBudget(context, filePrompt));
  const linePrompt = prompts.prompt("localize-lines");
  const packs = packFiles(sources, await characterBudget(context, linePrompt), language);
  const generation = promptFor(context, "generate");
  const content = codeSegments(
    sources,
    locationsIn(context, sources),
    language,
    await characterBudget(context, generation.prompt),
  );
  const critique = promptFor(context, "critique");
  const candidates = asked(
    generation.prompt,
    render(generation.prompt, { ...generation.values, problem_statement: problem, content }),
  );
  return {
    files: asked(filePrompt, render(filePrompt, { problem_statement: problem, structure })),
    lines: packs.map((file_contents) =>
      asked(linePrompt, render(linePrompt, { problem_statement: problem, file_contents })),
    ),
    candidates,
    critique: (answer: string): Asked => ({
      prompt: critique.prompt,
      messages: [
        ...candidates.messages,
        { role: "assistant", content: answer },
        { role: "user", content: render(critique.prompt, critique.values) },
      ],
    }),
    poc(kind: PocKind, last: LastAttempt | null): Asked {
      const { prompt, content: text } = pocPrompt(context, kind, last);
      return asked(prompt, text);
    },
    pocCheck(source: string, outcome: ExecutionOutcome): Asked {
      const prompt = prompts.prompt("judge-poc");
      const values = {
        issue_description: problem,
        poc_code: JSON.stringify(pocCode(language, source)),
        execution_output: JSON.stringify(shownStreams(outcome)),
      };
      return asked(prompt, render(prompt, values));
    },
    verdict(source: string, before: ExecutionOutcome, after: ExecutionOutcome): Asked {
      const prompt = prompts.prompt("judge-fix");
      const values = {
        issue_description: problem,
        poc_code: JSON.stringify(pocCode(language, source)),
        old_execution_output: judged(before),
        new_execution_output: judged(after),
      };
      return asked(prompt, render(prompt, values));
    },
  };
}

export type Questions = Awaited<ReturnType<typeof questionsOf>>;

export type Place = {
  readonly index: number;
  readonly attempt?: number;
  readonly priority?: CallPriority;
  readonly continues?: string;
};

export const requestOf = (
  { runId }: StageContext,
  { prompt, messages }: Asked,
  { index, attempt = 0, priority = 1, continues }: Place,
): SampleRequest => ({
  run: runId,
  priority,
  role: prompt.role,
  stage: prompt.id,
  index,
  attempt,
  messages,
  temperature: prompt.temperature,
  topP: 0.95,
  maxTokens: prompt.maxTokens,
  // The script's draws do not look at it; neighbours are one apart, so that samples can be asked together.
  seed: index,
  continues: continues ?? null,
});

/** The places that every sample names, as merged. */
function locationsIn({ language }: StageContext, sources: readonly SourceFile[]) {
  return sources.flatMap(({ path, text }) =>
    language
      .structure(text)
      .definitions.filter(({ name }) => suspectFunctions.includes(name))
      .map(({ range }) => ({ path, range, votes: 5 })),
  );
}

function judged(outcome: ExecutionOutcome): string {
  const { stdout, stderr } = shownStreams(outcome);
  const tail = (text: string): string => tailForJudge(normaliseOutput(text), 500);
  return JSON.stringify({ stdout: tail(stdout), stderr: tail(stderr) });
}
