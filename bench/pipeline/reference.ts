import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import type { PocKind } from "../../src/domain/poc.ts";
import type { LastAttempt } from "../../src/pipeline/poc-prompt.ts";
import type { SampleOutcome } from "../../src/ports/inference-client.ts";
import { runScript, runTests, scriptIn } from "./jobs.ts";
import { questionsOf, requestOf, type Asked, type Place, type Questions } from "./requests.ts";
import type { Frame, World } from "./world.ts";

type Script = { readonly chain: string; readonly source: string; readonly before: ExecutionOutcome };

/**
 * The schedule of the released code with its crash bugs fixed (reference-copatcher.md, sections 1 and 2): every call waits
 * for the one before it, with one sample each; scripts are written after all candidates are, each try checked by a
 * judge; each candidate has its own run of the tests without and with it, and one judge call for each script. Several
 * issues run in a thread each. The released code makes no critique.
 */
export const referenceAll = ({ clock, frames }: World): Promise<unknown> =>
  clock.run(() => Promise.all(frames.map(serially)));

async function serially({ context, draws }: Frame): Promise<void> {
  const { inference, signal, profile } = context;
  const questions = await questionsOf(context);
  const ask = (asked: Asked, place: Place): Promise<SampleOutcome> =>
    inference.sample(requestOf(context, asked, { ...place, priority: 1 }), signal);

  for (let index = 0; index < profile.localizationSamples; index += 1) await ask(questions.files, { index });
  for (const [pack, asked] of questions.lines.entries()) {
    for (let at = 0; at < profile.localizationSamples; at += 1)
      await ask(asked, { index: pack * profile.localizationSamples + at });
  }
  for (let index = 0; index < profile.candidates; index += 1) await ask(questions.candidates, { index });

  const scripts = [
    ...(await reproduceSerially("asserting", profile.assertingPocs)),
    ...(await reproduceSerially("printing", profile.printingPocs)),
  ];
  for (let index = 0; index < profile.candidates; index += 1) {
    const patch = draws.patch(`${index}/0`);
    await runTests(context, `before/${index}`, null);
    await runTests(context, `after/${index}`, patch);
    for (const { chain, source, before } of scripts) {
      const after = await runScript(context, `${chain}/${index}`, source, patch);
      await ask(questions.verdict(source, before, after), { index: 0 });
    }
  }

  async function reproduceSerially(kind: PocKind, count: number): Promise<readonly Script[]> {
    const scripts: Script[] = [];
    for (let index = 0; index < count; index += 1) {
      const chain = `${kind}-${index + 1}`;
      scripts.push(await tryUntilShown(questions, kind, chain, index));
    }
    return scripts;
  }

  async function tryUntilShown(all: Questions, kind: PocKind, chain: string, index: number): Promise<Script> {
    let last: LastAttempt | null = null;
    for (let attempt = 0; ; attempt += 1) {
      const source = scriptIn(context, await ask(all.poc(kind, last), { index, attempt }));
      const before = await runScript(context, `${chain}/base/${attempt}`, source, null);
      await ask(all.pocCheck(source, before), { index: 0 });
      if (draws.tries(chain) === attempt + 1) return { chain, source, before };
      last = { source, outcome: before, reason: "the output does not show the issue" };
    }
  }
}
