import { groupByClass, groupByStage, type CandidateClass } from "../domain/candidate-class.ts";
import { votesOf, type Candidate } from "../domain/candidate.ts";
import type { FeedbackTurn, RejectedSample } from "../domain/evidence.ts";
import { cannotBeOvertaken } from "../domain/overtake.ts";
import { rank } from "../domain/ranking.ts";
import type { PocResult, TestVerdict, JudgedCandidate } from "../domain/verdict.ts";
import { critique } from "./critique.ts";
import { createDesk } from "./desk.ts";
import type { SourceText } from "./source-files.ts";
import type { StageContext } from "./stage-context.ts";
import { confirm, needsSecondRun, validate, type Checked, type Measures } from "./validate.ts";
import type { SampleEnd, WrittenSample } from "./written-sample.ts";

/** A candidate with all that is known of it. */
export type Contestant = CandidateClass<WrittenSample> & {
  readonly checked: Checked;
  readonly judged: JudgedCandidate;
};

/** Samples that are asked for together: how many, and how each is told to have ended. */
export type Round = {
  readonly samples: number;
  readonly write: (onEnd: (end: SampleEnd, index: number) => void, unneeded: AbortSignal) => Promise<void>;
};

export type Contest = {
  /**
   * Takes a round's samples as they end and reviews, executes and ranks each distinct patch at once. Resolves when the
   * leader is known and its second run agrees; whatever is open then could not change who leads, and is called off.
   */
  run(round: Round): Promise<void>;
  /** Those with a verdict, in order of their first sample, refinements after generated ones, feedback turns last. */
  contestants(): readonly Contestant[];
  /** All of them in the same order, also those without a verdict. */
  candidates(): readonly Candidate[];
  rejected(): readonly RejectedSample[];
  /** Of each round after the first: how many answers came, and the candidates that only they brought. */
  turns(): readonly FeedbackTurn[];
  /** Samples of the first round. */
  asked(): number;
  /** Of those, how many nobody waited for, by why. */
  calledOff(why: "stopped" | "unneeded"): number;
};

/** The candidates' way from answer to verdict; results depend on what ends how, never on the order in which it ends. */
export function openContest(
  context: StageContext,
  measures: Measures,
  read: (path: string) => Promise<SourceText>,
): Contest {
  const rounds: Map<number, SampleEnd>[] = [];
  const first = (): ReadonlyMap<number, SampleEnd> => rounds[0] ?? new Map<number, SampleEnd>();
  const confirmed = new Map<string, TestVerdict>();
  /** Texts that a script speaks against; who passes all of them is before them. */
  const beaten = new Set<string>();
  let votes: ReadonlyMap<string, number> = new Map();
  let openSamples = 0;
  let ends: { readonly decided: () => void; readonly broken: (error: unknown) => void } = {
    decided: () => {},
    broken: () => {},
  };

  const desk = { onDone: () => advance(), onError: (error: unknown) => ends.broken(error) };
  const within = (signal: AbortSignal): StageContext => ({
    ...context,
    signal: AbortSignal.any([context.signal, signal]),
  });
  const reviews = createDesk<CandidateClass<WrittenSample>, SampleEnd | "nothing">({
    ...desk,
    name: ({ candidate }) => candidate.id,
    version: ({ standing }) => standing.sample,
    work: (one, signal) => critique(within(signal), read, one),
  });
  const checks = createDesk<Candidate, Checked>({
    ...desk,
    name: ({ id }) => id,
    version: ({ patch }) => patch,
    work: (candidate, signal, beside) => {
      const text = textOf(candidate);
      const onScript = ({ result }: PocResult): void => {
        if (result === "fixed" || signal.aborted) return;
        beaten.add(text);
        advance();
      };
      // who may win is executed first
      const turn = (): number => votes.get(candidate.id) ?? 0;
      return validate({ ...within(signal), turn }, candidate, measures, { beside, onScript });
    },
    onDone: () => {
      // While samples are open nobody knows how many there will be.
      const counts = openSamples > 0 ? {} : { done: contestants().length, total: classes().length };
      context.progress({ stage: "validate", text: "executing candidates", ...counts });
      advance();
    },
  });
  const secondRuns = createDesk<Contestant, void>({
    ...desk,
    name: ({ candidate }) => candidate.id,
    version: ({ candidate }) => candidate.patch,
    work: async ({ candidate, checked }, signal) => {
      confirmed.set(textOf(candidate), await confirm(within(signal), checked, measures));
    },
  });

  const writtenIn = (round: ReadonlyMap<number, SampleEnd>): readonly WrittenSample[] =>
    [...round.values()].flatMap((end) => (end.kind === "written" ? [end.written] : []));
  const generated = () => groupByClass(writtenIn(first()));
  const reviewed = () => generated().flatMap((one) => reviews.result(one) ?? []);

  function classes(): readonly CandidateClass<WrittenSample>[] {
    const corrected = reviewed().flatMap((end) =>
      end !== "nothing" && end.kind === "written" ? [end.written] : [],
    );
    return groupByStage([writtenIn(first()), corrected, ...rounds.slice(1).map(writtenIn)]);
  }

  function contestants(): readonly Contestant[] {
    const all = classes().flatMap((one): readonly Contestant[] => {
      const checked = checks.result(one.candidate);
      if (checked === null) return [];
      const { candidate, standing } = one;
      return [{ ...one, checked, judged: { candidate, verdict: checked.verdict, size: standing.size } }];
    });
    return withSecondRuns(all);
  }

  /** A second run counts for who would lead without it, whoever else had one in the meantime. */
  function withSecondRuns(all: readonly Contestant[]): readonly Contestant[] {
    const counted = new Map(all.map((one) => [one.candidate.id, one]));
    for (const open = new Set(counted.keys()); ;) {
      const leader = leaderOf([...counted.values()]);
      const tests = leader === null ? undefined : confirmed.get(textOf(leader.candidate));
      if (leader === null || tests === undefined || !open.delete(leader.candidate.id)) break;
      const { judged } = leader;
      const verdict = { ...judged.verdict, tests };
      counted.set(leader.candidate.id, { ...leader, judged: { ...judged, verdict } });
    }
    return [...counted.values()];
  }

  const ranked = (all: readonly Contestant[]): readonly JudgedCandidate[] =>
    rank(
      all.map(({ judged }) => judged),
      context.rankingMethod,
    ).ordered;

  const leaderOf = (all: readonly Contestant[], [best] = ranked(all)): Contestant | null =>
    all.find(({ judged }) => judged === best) ?? null;

  /** Begins what is now to be done, and tells when nothing is. */
  function advance(): void {
    const candidates = classes().map(({ candidate }) => candidate);
    votes = new Map(candidates.map((candidate) => [candidate.id, votesOf(candidate)]));
    reviews.want(context.critiqueRounds > 0 ? generated() : []);
    checks.want(candidates);

    const all = contestants();
    const ordered = ranked(all);
    const leader = leaderOf(all, ordered);
    const decided = isDecided(ordered, candidates);
    const unconfirmed =
      leader !== null && needsSecondRun(leader.checked) && !confirmed.has(textOf(leader.candidate));
    // Who leads by votes as well is worth a second run at once: nobody else is likely to need one.
    const isFavourite = leader !== null && votesOf(leader.candidate) >= Math.max(...votes.values());
    secondRuns.want(unconfirmed && (decided || isFavourite) ? [leader] : []);
    if (decided && !unconfirmed) ends.decided();
  }

  /** Whether nothing that is open could change who leads. */
  function isDecided(
    [best, ...others]: readonly JudgedCandidate[],
    candidates: readonly Candidate[],
  ): boolean {
    const unjudged = candidates.filter((candidate) => checks.result(candidate) === null);
    const mayPass = unjudged.filter((candidate) => !beaten.has(textOf(candidate)));
    const outstanding = { samples: openSamples, reviews: reviews.open(), unjudged: mayPass };
    if (openSamples + reviews.open() + unjudged.length === 0) return true;
    return (
      best !== undefined &&
      context.schedule.earlyStop &&
      cannotBeOvertaken(best, others, outstanding, context.rankingMethod)
    );
  }

  return {
    async run({ samples, write }) {
      const round = new Map<number, SampleEnd>();
      rounds.push(round);
      openSamples = samples;
      const unneeded = new AbortController();
      const decision = new Promise<void>((resolve, reject) => {
        ends = { decided: resolve, broken: reject };
      });
      const onEnd = (end: SampleEnd, index: number): void => {
        round.set(index, end);
        openSamples -= 1;
        if (!unneeded.signal.aborted) advance();
      };
      const writing = write(onEnd, unneeded.signal);
      writing.catch((error: unknown) => ends.broken(error));
      try {
        advance();
        await decision;
        unneeded.abort(new Error("no answer could change the result any more"));
        await writing;
      } finally {
        unneeded.abort();
        await Promise.allSettled([writing, reviews.close(), checks.close(), secondRuns.close()]);
      }
    },
    contestants,
    candidates: () => classes().map(({ candidate }) => candidate),
    rejected: () => {
      const turns = rounds.slice(1).flatMap(inOrder);
      return [...inOrder(first()), ...reviewed(), ...turns].flatMap((end) =>
        end !== "nothing" && end.kind === "rejected" ? [end.rejected] : [],
      );
    },
    turns: () =>
      rounds.slice(1).flatMap((round) => {
        const answers = [...round.values()].filter(({ kind }) => kind !== "called-off").length;
        const own = new Set(writtenIn(round).map(({ sample }) => sample));
        const found = classes().filter(({ standing }) => own.has(standing.sample));
        return answers === 0 ? [] : [{ answers, found: found.map(({ candidate }) => candidate.id) }];
      }),
    asked: () => first().size,
    calledOff: (why) =>
      [...first().values()].filter((end) => end.kind === "called-off" && end.why === why).length,
  };
}

/** A verdict is that of a text; that is what may be published. */
const textOf = ({ id, patch }: Candidate): string => `${id} ${patch}`;

const inOrder = (round: ReadonlyMap<number, SampleEnd>): readonly SampleEnd[] =>
  [...round].sort(([a], [b]) => a - b).map(([, end]) => end);
