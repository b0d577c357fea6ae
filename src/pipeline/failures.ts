import { describeOutcome, transcriptOf } from "../domain/execution.ts";
import type { Poc } from "../domain/poc.ts";
import { regressionsOf, type TestVerdict } from "../domain/verdict.ts";
import { headOf, tailOf } from "../domain/visible-text.ts";
import type { Contestant } from "./contest.ts";
import { pocCode, shownStreams } from "./poc-prompt.ts";
import type { StageContext } from "./stage-context.ts";

const shownScripts = 2;
const shownTests = 10;
/** Characters of one output, whose end matters most. */
const shownOutput = 3_000;

/**
 * What was executed and speaks against a candidate, for the model that wrote it; null when nothing that ran does. Every
 * text of a program is quoted as JSON, so none of it can end its place.
 */
export function failuresOf(
  context: StageContext,
  pocs: readonly Poc[],
  { judged: { verdict }, checked }: Contestant,
): string | null {
  const sources = new Map(pocs.map(({ id, source }) => [id, source]));
  const scripts = verdict.pocs.flatMap(({ poc, result, outcome, unchanged }) => {
    const source = sources.get(poc);
    if (result === "fixed" || source === undefined || outcome.kind === "not-started") return [];
    const { stdout, stderr } = shownStreams(outcome);
    const streams = { stdout: tailOf(stdout, shownOutput), stderr: tailOf(stderr, shownOutput) };
    return [
      "### Script that still shows the issue ###\n" +
        `${JSON.stringify(pocCode(context.language, headOf(source, 2 * shownOutput)))}\n` +
        `Its output with your patch (${describeOutcome(outcome)}${unchanged ? ", the same as without it" : ""}):\n${JSON.stringify(streams)}\n`,
    ];
  });
  const broken = regressionsOf(verdict);
  const ran = checked.tested?.once.first?.outcome;
  const tests =
    broken.length === 0
      ? []
      : [
          "### Tests that passed before your patch and do not pass with it ###\n" +
            `${JSON.stringify(broken.slice(0, shownTests))}${more(broken.length)}\n` +
            crash(verdict.tests) +
            (ran === undefined
              ? ""
              : `The end of the test run's output:\n${JSON.stringify(tailOf(transcriptOf(ran), shownOutput))}\n`),
        ];
  const parts = [...scripts.slice(0, shownScripts), ...tests];
  return parts.length === 0 ? null : parts.join("\n").trimEnd();
}

const more = (tests: number): string => (tests > shownTests ? ` and ${tests - shownTests} more` : "");

const crash = (tests: TestVerdict): string =>
  tests.kind === "crashed" ? `The test run crashed: ${JSON.stringify(tests.reason)}\n` : "";
