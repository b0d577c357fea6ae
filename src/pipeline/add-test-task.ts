import type { FileChange } from "../domain/edit.ts";
import type { Location } from "../domain/location.ts";
import { unifiedDiff } from "../domain/patch.ts";
import type { Poc } from "../domain/poc.ts";
import { headOf } from "../domain/visible-text.ts";
import type { Checkout } from "../ports/workspace.ts";
import { codeSegments } from "./code-segments.ts";
import type { GenerationTask } from "./generate.ts";
import type { SourceFile } from "./numbered-files.ts";
import { pocCode } from "./poc-prompt.ts";
import { characterBudget } from "./prompt-budget.ts";
import { render } from "./prompt.ts";
import { createSourceReader } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";

/** A patch and a script that shows the issue without it and not with it. */
export type PatchToTest = {
  readonly head: Checkout;
  readonly changes: readonly FileChange[];
  readonly poc: Poc;
};

/** Test files that are shown as examples of the repository's style. */
const mostExamples = 2;
/** Lines from the beginning and from the end of an example that is too long to be shown whole. */
const shownEnds = 120;
const shownPatch = 12_000;
const shownScript = 12_000;

/** What the models are asked for. */
export async function addTestTask(
  context: StageContext,
  { head, changes, poc }: PatchToTest,
): Promise<GenerationTask> {
  const { language, prompts, problem } = context;
  const prompt = prompts.prompt("add-test");
  const patch = headOf(unifiedDiff(changes), shownPatch);
  const script = JSON.stringify(pocCode(language, headOf(poc.source, shownScript)), null, 4);
  const budget = (await characterBudget(context, prompt)) - patch.length - script.length;
  const examples = await nearestTests(context, head, changes);
  const places = examples.flatMap(endsOf);
  const tests = codeSegments(examples, places, language, Math.max(2_000, budget));
  const [fence] = language.fences;
  const values = {
    problem_statement: problem,
    patch,
    script,
    tests: tests === "" ? "(the project has no tests yet)" : tests,
    language: language.name,
    fence,
  };
  return { prompt, messages: [{ role: "user", content: render(prompt, values) }] };
}

/** The test files nearest to what the patch changes, whatever command the settings name for running them. */
async function nearestTests(
  { language }: StageContext,
  head: Checkout,
  changes: readonly FileChange[],
): Promise<readonly SourceFile[]> {
  const suspects = changes.map(({ path }) => path).filter((path) => language.isSource(path));
  const plan = await language.planTests(head, { suspects, command: null, maxFiles: mostExamples });
  const read = createSourceReader(head);
  const paths = (plan?.selected ?? []).slice(0, mostExamples);
  const texts = await Promise.all(paths.map(async (path) => ({ path, found: await read(path) })));
  return texts.flatMap(({ path, found }) => ("text" in found ? [{ path, text: found.text }] : []));
}

function endsOf({ path, text }: SourceFile): readonly Location[] {
  const lines = text.split("\n").length;
  const ranges =
    lines <= 2 * shownEnds
      ? [{ first: 1, last: lines }]
      : [
          { first: 1, last: shownEnds },
          { first: lines - shownEnds + 1, last: lines },
        ];
  return ranges.map((range) => ({ path, range, votes: 1 }));
}
