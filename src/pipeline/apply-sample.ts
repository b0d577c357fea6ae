import { classKey } from "../domain/candidate-class.ts";
import { patchSize, unifiedDiff } from "../domain/patch.ts";
import { changesOfAnswer } from "./changes-of-answer.ts";
import type { SourceText } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";
import type { SampleEnd, SampleText } from "./written-sample.ts";

/**
 * From one finished answer to a patch of the base commit, or the one reason why it is none. All of a sample's edits
 * apply or the sample is rejected; only edits of tests are left out, which is kept with the candidate, unless the issue
 * names the file.
 */
export async function applySample(
  context: StageContext,
  read: (path: string) => Promise<SourceText>,
  { sample, index, refines, chat, call, completion }: SampleText,
): Promise<SampleEnd> {
  const { language, problem } = context;
  const isTest = (path: string): boolean => language.isTest(path) || language.isTest(path.toLowerCase());
  const objection = (path: string) => (isTest(path) && !names(problem, path) ? "test" : null);
  const result = await changesOfAnswer(context, completion, { read, objection });
  if (!result.ok) return { kind: "rejected", rejected: { sample, ...result.rejection } };

  const key = classKey(result.changes, (path, source) =>
    language.isSource(path) ? language.normalForm(source) : null,
  );
  const { changes, restored } = result;
  const { text, reasoning } = completion;
  const patch = { changes, patch: unifiedDiff(changes), size: patchSize(changes), refines, restored };
  const characters = text.length + reasoning.length;
  return {
    kind: "written",
    written: {
      sample,
      index,
      key,
      ...patch,
      characters,
      call,
      chat: [...chat, { role: "assistant", content: text }],
    },
  };
}

/** Whether the issue names the file, by its whole path. */
function names(problem: string, path: string): boolean {
  const at = problem.indexOf(path);
  if (at === -1) return false;
  return !/[\w/.-]$/.test(problem.slice(0, at)) && !/^[\w/-]/.test(problem.slice(at + path.length));
}
