import type { FileChange } from "../domain/edit.ts";
import { changedLines } from "../domain/patch.ts";
import type { Poc } from "../domain/poc.ts";
import { rememberReadings } from "../languages/remembered.ts";
import type { Checkout } from "../ports/workspace.ts";
import { addTestTask } from "./add-test-task.ts";
import { requireSomeAnswer } from "./answers.ts";
import { changesOfAnswer } from "./changes-of-answer.ts";
import { checkPatch, type CheckedPatch } from "./check-patch.ts";
import { tryKnownScripts, type KnownScript } from "./known-scripts.ts";
import { askMany, type Answer } from "./sample.ts";
import { createSourceReader } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";
import { tryTest } from "./try-test.ts";

/** Answers that are asked for at most; the first whose test holds is taken. */
const mostSamples = 4;

export type TestAddition =
  | {
      readonly kind: "added";
      readonly path: string;
      /** Ids of the tests that fail without the patch and pass with it. */
      readonly tests: readonly string[];
      /** What leads from the head to the commit with the test. */
      readonly edit: readonly FileChange[];
      /** Name of the script that it was made from. */
      readonly script: string;
      /** What scripts and tests say of the patch. */
      readonly result: CheckedPatch;
    }
  /** Nothing can be executed here. */
  | { readonly kind: "unable"; readonly why: string }
  /** No script shows the issue on the base commit and not with the patch. */
  | { readonly kind: "no-script"; readonly result: CheckedPatch }
  | { readonly kind: "none-holds"; readonly whys: readonly string[] };

/**
 * A test of the repository's own kind for a patch of the context's commit, made from a script that an earlier run confirmed
 * and that is confirmed here once more. Throws like `repair`.
 */
export async function addTest(
  outer: StageContext,
  { head, changes }: { readonly head: Checkout; readonly changes: readonly FileChange[] },
  known: readonly KnownScript[],
): Promise<TestAddition> {
  const { unable } = outer.environment;
  if (unable !== null) return { kind: "unable", why: unable };
  const context = { ...outer, language: rememberReadings(outer.language) };
  const result = await checkPatch(context, changes, (some) => tryKnownScripts(some, known));
  const poc = bestScript(result);
  if (poc === null) return { kind: "no-script", result };

  const { prompt, messages } = await addTestTask(context, { head, changes, poc });
  const count = Math.min(mostSamples, context.profile.candidates);
  const progress = (text: string, done: number): void =>
    context.progress({ stage: "generate", text, done, total: count });
  progress("writing tests", 0);
  const answers = await askMany(context, { prompt, messages, priority: 1 }, count);
  requireSomeAnswer(answers);
  const whys: string[] = [];
  for (const [index, answer] of answers.entries()) {
    progress("running the written tests", index);
    const tried = await tryAnswer({ ...context, checkout: head }, context, changes, answer);
    if (tried.kind === "holds") return { ...tried, kind: "added", script: poc.id, result };
    whys.push(tried.why);
  }
  return { kind: "none-holds", whys };
}

/** One with an assertion says most. */
function bestScript({ evidence, verdict }: CheckedPatch): Poc | null {
  const fixed = new Set(verdict.pocs.flatMap(({ poc, result }) => (result === "fixed" ? [poc] : [])));
  const scripts = evidence.pocs.filter(({ id }) => fixed.has(id));
  return scripts.find(({ kind }) => kind === "asserting") ?? scripts[0] ?? null;
}

type Tried =
  | (Pick<Extract<TestAddition, { kind: "added" }>, "path" | "tests" | "edit"> & { readonly kind: "holds" })
  | { readonly kind: "rejected"; readonly why: string };

async function tryAnswer(
  onHead: StageContext,
  onBase: StageContext,
  changes: readonly FileChange[],
  answer: Answer,
): Promise<Tried> {
  const rejected = (why: string): Tried => ({ kind: "rejected", why });
  if (answer.kind === "failed") return rejected(answer.failure.detail);
  const read = createSourceReader(onHead.checkout);
  const written = await changesOfAnswer(onHead, answer.completion, { read, objection: onlyTests(onHead) });
  if (!written.ok) return rejected(written.rejection.detail);
  const [change, ...others] = written.changes;
  if (change === undefined || others.length > 0) return rejected("it changes more than one file");
  if (changedLines(change).removed > 0) return rejected(`it takes lines out of ${change.path}`);

  const { path } = change;
  const edit = [change];
  const verdict = await tryTest(onBase, { name: answer.sample, path, edit, changes });
  return verdict.kind === "holds" ? { kind: "holds", path, edit, tests: verdict.tests } : verdict;
}

const onlyTests =
  ({ language }: StageContext) =>
  (path: string) =>
    language.isTest(path) ? null : { refused: "it is no test of the project" };
