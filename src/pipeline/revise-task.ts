import type { FileChange } from "../domain/edit.ts";
import type { LineRange, Location } from "../domain/location.ts";
import { addedLines, unifiedDiff } from "../domain/patch.ts";
import type { OpenThread } from "../domain/review-feedback.ts";
import { headOf } from "../domain/visible-text.ts";
import type { Checkout } from "../ports/workspace.ts";
import { codeSegments } from "./code-segments.ts";
import type { GenerationTask } from "./generate.ts";
import type { SourceFile } from "./numbered-files.ts";
import { characterBudget } from "./prompt-budget.ts";
import { render } from "./prompt.ts";
import { createSourceReader } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";

/** A patch under review: what it changes since its base, the commit with it, and what reviewers say. */
export type UnderReview = {
  readonly head: Checkout;
  readonly changes: readonly FileChange[];
  readonly threads: readonly OpenThread[];
  readonly feedback: string;
};

/** Characters of the patch, which the files show as well. */
const shownPatch = 12_000;

/** What the models are asked for; null when nothing of the files can be shown. */
export async function reviseTask(
  context: StageContext,
  { head, changes, threads, feedback }: UnderReview,
): Promise<GenerationTask | null> {
  const prompt = context.prompts.prompt("revise");
  const patch = headOf(unifiedDiff(changes), shownPatch);
  const budget = (await characterBudget(context, prompt)) - patch.length - feedback.length;
  const sources = await sourcesAt(head, changes, threads);
  const places = [...placesOf(changes), ...threads.flatMap((thread) => placeOf(thread, sources))];
  const content = codeSegments(sources, places, context.language, Math.max(2_000, budget));
  if (content === "") return null;
  const [fence] = context.language.fences;
  const values = { problem_statement: context.problem, content, patch, feedback, fence };
  return { prompt, messages: [{ role: "user", content: render(prompt, values) }] };
}

async function sourcesAt(
  head: Checkout,
  changes: readonly FileChange[],
  threads: readonly OpenThread[],
): Promise<readonly SourceFile[]> {
  const read = createSourceReader(head);
  const paths = [...new Set([...threads.map(({ path }) => path), ...changes.map(({ path }) => path)])];
  const texts = await Promise.all(paths.map(async (path) => ({ path, found: await read(path) })));
  return texts.flatMap(({ path, found }) => ("text" in found ? [{ path, text: found.text }] : []));
}

const location = (path: string, range: LineRange): Location => ({ path, range, votes: 1 });

const placesOf = (changes: readonly FileChange[]): readonly Location[] =>
  changes.flatMap((change) =>
    addedLines(change).map(({ line }) => location(change.path, { first: line, last: line })),
  );

/** The line of a thread, or its whole file. */
function placeOf({ path, line }: OpenThread, sources: readonly SourceFile[]): readonly Location[] {
  const source = sources.find((one) => one.path === path);
  if (source === undefined) return [];
  const lines = source.text.split("\n").length;
  if (line !== null && line <= lines) return [location(path, { first: line, last: line })];
  return [location(path, { first: 1, last: lines })];
}
