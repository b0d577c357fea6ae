import { describeOutcome, transcriptOf, type ExecutionOutcome } from "../domain/execution.ts";
import { normaliseOutput } from "../domain/output-form.ts";
import { parsePoc } from "../domain/parse-poc.ts";
import type { FailedPoc, Poc, PocKind } from "../domain/poc.ts";
import { ahead } from "./ahead.ts";
import { judge } from "./judge.ts";
import { pocCode, pocPrompt, shownStreams, type LastAttempt } from "./poc-prompt.ts";
import { runPoc, type Ended } from "./run-pocs.ts";
import { ask } from "./sample.ts";
import type { StageContext } from "./stage-context.ts";

export type Reproduction = { readonly pocs: readonly Poc[]; readonly failed: readonly FailedPoc[] };

type Try =
  | {
      readonly kind: "reproduced";
      readonly source: string;
      readonly outcome: ExecutionOutcome;
      readonly reachedEnd: boolean;
    }
  | {
      readonly kind: "retry";
      readonly last: LastAttempt;
      readonly reason: string;
      /** It could not run by a fault of its own. */
      readonly faulty: boolean;
    };

/**
 * Begins the PoC chains of both validation models, side by side, from the issue text alone (paper 3.2.3); each tells what it
 * came to as it ends.
 */
export function beginChains(context: StageContext): readonly Promise<Poc | FailedPoc>[] {
  const { assertingPocs, printingPocs } = context.profile;
  const chains: { kind: PocKind; index: number }[] = [
    ...Array.from({ length: assertingPocs }, (_, index) => ({ kind: "asserting" as const, index })),
    ...Array.from({ length: printingPocs }, (_, index) => ({ kind: "printing" as const, index })),
  ];
  let done = 0;
  return chains.map(async ({ kind, index }) => {
    const result = await runChain(context, kind, index);
    done += 1;
    context.progress({ stage: "reproduce", text: "reproducing the issue", done, total: chains.length });
    return result;
  });
}

export const reproduce = (context: StageContext): Promise<Reproduction> =>
  reproductionOf(beginChains(context));

/** What all chains came to. */
export async function reproductionOf(chains: readonly Promise<Poc | FailedPoc>[]): Promise<Reproduction> {
  const results = await Promise.all(chains);
  return {
    pocs: results.filter(isPoc),
    failed: results.flatMap((result) => (isPoc(result) ? [] : [result])),
  };
}

export const isPoc = (result: Poc | FailedPoc): result is Poc => "source" in result;

/** One chain: write a script, run it on the base commit, and feed its output back until it shows the issue. */
async function runChain(context: StageContext, kind: PocKind, index: number): Promise<Poc | FailedPoc> {
  const id = `${kind}-${index + 1}`;
  let last: LastAttempt | null = null;
  let reason = "no attempt was made";
  let faulty = true;
  for (let attempt = 0; attempt < context.profile.pocAttempts; attempt += 1) {
    const { prompt, content } = pocPrompt(context, kind, last);
    const answer = await ask(context, {
      prompt,
      messages: [{ role: "user", content }],
      index,
      attempt,
      priority: 1,
      ...(index === 0 ? { temperature: 0 } : {}),
    });
    if (answer.kind === "failed" || answer.completion.finish === "length") {
      reason = answer.kind === "failed" ? answer.failure.detail : "the answer was cut off by the token limit";
      continue;
    }
    const source = parsePoc(answer.completion.text, answer.completion.finish, context.language.fences);
    if (source === null) {
      reason = "the answer held no script";
      continue;
    }
    const result = await tryScript(context, { id, kind, source }, `${attempt}`);
    if (result.kind === "reproduced") {
      const { outcome: baseline, reachedEnd: ended } = result;
      const provenance = { attempts: attempt + 1, sourceSample: answer.sample };
      return { id, kind, source, baseline, reachedEnd: ended, ...provenance };
    }
    ({ last, reason, faulty } = result);
  }
  const failed = { id, kind, attempts: context.profile.pocAttempts, reason };
  return faulty ? { ...failed, faulty } : failed;
}

/**
 * Runs a script twice on the base commit, by the name that it has with a patch, too: what it prints of itself must not
 * tell the two apart.
 */
export async function tryScript(
  context: StageContext,
  { id, kind, source }: Pick<Poc, "id" | "kind" | "source">,
  attempt: string,
): Promise<Try> {
  const script = { name: id, source };
  const label = `${id}/${attempt}`;
  const runAgain = (some: StageContext): Promise<Ended> =>
    runPoc(some, `poc-confirm/${label}`, script, unpatched);
  const begun = runPoc(context, `poc/${label}`, script, unpatched);
  const second = ahead(context, runAgain);
  try {
    const first = await begun;
    const { outcome, end } = first;
    const retry = (reason: string, faulty = false): Try => ({
      kind: "retry",
      last: { source, outcome, reason },
      reason,
      faulty,
    });
    const broken = context.language.pocBroken(outcome) ?? exitsElsewhere(context, first);
    if (broken !== null) return retry(broken, true);

    const shows = await showsIssue(context, kind, source, outcome);
    if (shows !== null) return retry(shows);
    second.need();
    const again = await runAgain(context);
    return (await confirms(context, kind, source, outcome, again.outcome))
      ? { kind: "reproduced", source, outcome, reachedEnd: end !== null && again.end !== null }
      : retry("a second run on the unpatched tree ended differently, so the script proves nothing");
  } finally {
    await second.callOff();
  }
}

const unpatched = { files: [] };

/**
 * Why the script could never show that the issue is gone: it has no end of its own, since something else ends its process,
 * and with a patch that is what faked results look like. Null when it has one, or crashed on its way.
 */
const exitsElsewhere = ({ language }: StageContext, { outcome, end }: Ended): string | null =>
  outcome.kind !== "exited" || end !== null || language.pocCrashed(outcome)
    ? null
    : "the script did not come to its own end: something else ended its process. It must run to its last line, " +
      "or fail by an error of its own: it must not end the process in a way that skips that (os._exit, a callback " +
      "that is process.exit itself, Runtime.halt), must wait for everything it starts, and where it calls code that " +
      "exits by itself, such as a command-line entry point, it must catch that exit or run that code in a child process";

/** Null when the outcome shows the reported misbehaviour, otherwise why it does not. */
async function showsIssue(
  context: StageContext,
  kind: PocKind,
  source: string,
  outcome: ExecutionOutcome,
): Promise<string | null> {
  if (kind === "asserting") {
    const failed = outcome.kind === "exited" && outcome.exitCode !== 0;
    return failed ? null : `the script must fail on the unpatched tree, but: ${describeOutcome(outcome)}`;
  }
  if (outcome.kind !== "exited") return `the script did not finish: ${describeOutcome(outcome)}`;
  const { judgement, text } = await judge(context, "judge-poc", {
    issue_description: context.problem,
    poc_code: JSON.stringify(pocCode(context.language, source)),
    execution_output: JSON.stringify(shownStreams(outcome)),
  });
  return judgement === "yes" ? null : text.slice(0, 2_000) || "the judge gave no readable answer";
}

/** The second run must end like the first; printed text may vary (a time) as long as it shows the issue again. */
async function confirms(
  context: StageContext,
  kind: PocKind,
  source: string,
  first: ExecutionOutcome,
  second: ExecutionOutcome,
): Promise<boolean> {
  if (first.kind !== "exited" || second.kind !== "exited") return false;
  if (first.exitCode !== second.exitCode) return false;
  if (kind === "asserting") return true;
  const same = normaliseOutput(transcriptOf(first)) === normaliseOutput(transcriptOf(second));
  return same || (await showsIssue(context, kind, source, second)) === null;
}
