import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import type { PocKind } from "../../src/domain/poc.ts";
import type { LastAttempt } from "../../src/pipeline/poc-prompt.ts";
import type { SampleOutcome, SampleRequest } from "../../src/ports/inference-client.ts";
import { createSlots } from "../../src/driver/slots.ts";
import { runScript, runTests, scriptIn, textOf } from "./jobs.ts";
import { questionsOf, requestOf, type Asked, type Place } from "./requests.ts";
import { amountIn } from "./workload/repository.ts";
import { patchOf } from "./workload/answers.ts";
import type { Frame, World } from "./world.ts";

type Script = { readonly kind: PocKind; readonly source: string; readonly before: ExecutionOutcome };

/** A distinct patch, with the samples that wrote it. */
type Class = {
  readonly patch: number;
  votes: number;
  checked: boolean;
  /** A script has shown that it is wrong. */
  beaten: boolean;
};

/**
 * What a perfect scheduler could reach, on the same engines with the same drawn lengths and durations. It begins each
 * call and each job at the moment when the graph of the notes (section 6) allows it, and it guesses right:
 * - lines are asked for when 4 of 5 samples have named files, since all of them name the same;
 * - both runs of a script on the base commit go at once, and so do all scripts and the tests of a class;
 * - it knows which classes are right and which will win: only tests of right ones are run, at once with the second run that
 *   the leader needs, and jobs of the winner go before all others, those of many votes before those of few;
 * - what one script speaks against can win no more;
 * - it stops as soon as nobody can overtake the leader, and needs no time for finding out.
 * Its calls go through the engines' own scheduler, with the priorities of the notes.
 */
export const idealAll = ({ clock, frames }: World, slots: number): Promise<unknown> =>
  clock.run(() => Promise.all(frames.map((frame) => perfectly(frame, slots))));

async function perfectly({ context, draws }: Frame, slots: number): Promise<void> {
  const { inference, profile } = context;
  const over = new AbortController();
  const work = { ...context, signal: over.signal };
  const questions = await questionsOf(context);
  const line = createSlots(slots).line();
  // What waits when all is over fails in its slot. A signal for each: so many may wait that one would look like a leak.
  const slot = <T>(turn: () => number, job: () => Promise<T>): Promise<T> =>
    line.use(new AbortController().signal, job, { turn });
  const ask = (asked: Asked, place: Place): Promise<SampleOutcome> =>
    inference.sample(requestOf(context, asked, place), over.signal);
  const askMany = (asked: Asked, count: number, place: Partial<Place>, from = 0) => {
    const indices = Array.from({ length: count }, (_, at) => from + at);
    const requests = indices.map((index): SampleRequest => requestOf(context, asked, { ...place, index }));
    return inference.sampleMany(requests, over.signal);
  };

  const classes = new Map<number, Class>();
  let open = profile.candidates;
  let reviews = 0;
  let finish = (): void => {};
  let fail: (error: unknown) => void = finish;
  const finished = new Promise<void>((resolve, reject) => {
    [finish, fail] = [resolve, reject];
  });
  const beside = (task: Promise<unknown>): void =>
    void task.catch((error: unknown) => over.signal.aborted || fail(error));

  const behavesRight = (patch: number): boolean => draws.behaviour(patch) === 0 && !draws.breaksTests(patch);
  const inAll = Array.from({ length: profile.candidates }, (_, index) => draws.patch(`${index}/0`));
  const votesInAll = (patch: number): number => inAll.filter((one) => one === patch).length;
  const [winner] = inAll.filter(behavesRight).toSorted((a, b) => votesInAll(b) - votesInAll(a));
  const isRight = ({ patch }: Class): boolean => behavesRight(patch);
  const decide = (): void => {
    const all = [...classes.values()];
    const wins = all.some((one) => {
      const rivals = all.filter(
        (other) => other !== one && (isRight(other) || !(other.checked || other.beaten)),
      );
      // What a review puts in place of a patch is a class with one vote.
      const next = Math.max(reviews > 0 ? 1 : 0, ...rivals.map(({ votes }) => votes));
      return one.checked && isRight(one) && one.votes - next > open;
    });
    if (wins || (open + reviews === 0 && all.every(({ checked }) => checked))) finish();
  };

  const chain = async (kind: PocKind, index: number): Promise<Script> => {
    let last: LastAttempt | null = null;
    const name = `${kind}-${index + 1}`;
    for (let attempt = 0; ; attempt += 1) {
      const source = scriptIn(context, await ask(questions.poc(kind, last), { index, attempt }));
      const run = (label: string) => slot(first, () => runScript(work, label, source, null));
      const [before] = await Promise.all([run(`${name}/${attempt}`), run(`${name}/${attempt}/again`)]);
      if (kind === "printing") await ask(questions.pocCheck(source, before), { index: 0, priority: 0 });
      if (draws.tries(name) === attempt + 1) return { kind, source, before };
      last = { source, outcome: before, reason: "the output does not show the issue" };
    }
  };
  const scripts = [
    ...Array.from({ length: profile.assertingPocs }, (_, index) => chain("asserting", index)),
    ...Array.from({ length: profile.printingPocs }, (_, index) => chain("printing", index)),
  ];
  for (const script of scripts) beside(script);

  const verdicts = new Map<string, Promise<unknown>>();
  const judge = (asked: Asked): Promise<unknown> => {
    const key = asked.messages[0]?.content ?? "";
    const answer = verdicts.get(key) ?? ask(asked, { index: 0, priority: 0 });
    verdicts.set(key, answer);
    return answer;
  };
  const check = async (one: Class): Promise<void> => {
    const { patch } = one;
    const turn = (): number => (patch === winner ? 1_000 : 0) + one.votes;
    const runs = scripts.map(async (coming, at) => {
      const { kind, source, before } = await coming;
      const after = await slot(turn, () => runScript(work, `${patch}/${at}`, source, patch));
      if (kind === "printing" && shown(before) !== shown(after))
        await judge(questions.verdict(source, before, after));
      if (draws.behaviour(patch) === 0) return;
      one.beaten = true;
      decide();
    });
    const tests = isRight(one) ? ["tests", "second"] : [];
    const tested = tests.map((label) => slot(turn, () => runTests(work, `${label}/${patch}`, patch)));
    await Promise.all([...runs, ...tested]);
    one.checked = true;
    decide();
  };
  const arrive = (patch: number, answer: string, index: number | null): void => {
    const known = classes.get(patch);
    if (known !== undefined) {
      if (index !== null) known.votes += 1;
      return;
    }
    const one: Class = { patch, votes: 1, checked: false, beaten: false };
    classes.set(patch, one);
    beside(check(one));
    if (index !== null) beside(review(answer, index));
  };
  const review = async (answer: string, index: number): Promise<void> => {
    reviews += 1;
    const place = { index, priority: 0, continues: `generate/${index}/0` } as const;
    const text = textOf(await ask(questions.critique(answer), place));
    reviews -= 1;
    const amount = amountIn(text);
    if (amount !== null) arrive(patchOf(amount), text, null);
    decide();
  };

  const take = async (answer: Promise<SampleOutcome>, index: number): Promise<void> => {
    const text = textOf(await answer);
    open -= 1;
    arrive(patchOf(amountIn(text) ?? 1), text, index);
    decide();
  };

  for (const label of ["baseline/1", "baseline/2"]) beside(slot(first, () => runTests(work, label, null)));
  const samples = profile.localizationSamples;
  await nth(askMany(questions.files, samples, {}), samples - 1);
  await Promise.all(questions.lines.flatMap((asked, pack) => askMany(asked, samples, {}, pack * samples)));
  const candidates = askMany(questions.candidates, profile.candidates, { priority: 2 });
  for (const [index, answer] of candidates.entries()) {
    beside(take(answer, index));
  }
  await finished;
  over.abort(new Error("the leader is known"));
}

const first = (): number => Number.POSITIVE_INFINITY;

const shown = (outcome: ExecutionOutcome): string => (outcome.kind === "exited" ? outcome.stdout : "");

/** Resolves when so many of the answers are there. */
const nth = (answers: readonly Promise<unknown>[], count: number): Promise<void> =>
  new Promise((resolve, reject) => {
    let there = 0;
    const arrived = (): void => {
      there += 1;
      if (there === count) resolve();
    };
    for (const answer of answers) answer.then(arrived, reject);
  });
