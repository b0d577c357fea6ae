import { clusterBootstrap, type Estimate } from "./bootstrap.ts";
import type { Chance } from "./chance.ts";
import { holm } from "./holm.ts";
import { discordant, mcnemar, type McNemar } from "./mcnemar.ts";
import { minimalDetectable } from "./power.ts";

/** One instance's result under both systems. */
export type Pair = { readonly repository: string; readonly first: boolean; readonly second: boolean };

/** What a comparison may claim. `not-decidable`: no outcome of these disagreements could have been significant. */
export type Answer = "first-better" | "second-better" | "no-difference-shown" | "not-decidable";

export type Comparison = {
  readonly instances: number;
  readonly test: McNemar;
  /** Share solved by the second system minus that of the first; null without instances. */
  readonly difference: Estimate | null;
  /** Smallest true difference that would be found with 80 % power, given how often the two disagree. */
  readonly minimalDetectable: number | null;
  /** p after Holm's adjustment over the family. */
  readonly adjustedP: number;
  readonly answer: Answer;
};

export const level = 0.05;

/** Comparisons that are read together; their p-values are adjusted for how many there are. */
export function compareFamily(family: readonly (readonly Pair[])[], chance: Chance): readonly Comparison[] {
  const tests = family.map((pairs) =>
    mcnemar(
      discordant(
        pairs.map(({ first }) => first),
        pairs.map(({ second }) => second),
      ),
    ),
  );
  const adjusted = holm(tests.map(({ p }) => p));
  return family.flatMap((pairs, place) => {
    const test = tests[place];
    if (test === undefined) return [];
    const adjustedP = adjusted[place] ?? 1;
    const disagreement = (test.onlyFirst + test.onlySecond) / Math.max(1, pairs.length);
    return [
      {
        instances: pairs.length,
        test,
        difference: clusterBootstrap(differencesByRepository(pairs), chance),
        minimalDetectable: minimalDetectable(pairs.length, disagreement),
        adjustedP,
        answer: answerOf(test, adjustedP, smallestAdjusted(tests, place)),
      },
    ];
  });
}

/** The smallest p that so many disagreements could have had after the adjustment, with the rest of the family as it is. */
const smallestAdjusted = (tests: readonly McNemar[], place: number): number =>
  holm(tests.map(({ p, smallestP }, at) => (at === place ? smallestP : p)))[place] ?? 1;

function answerOf(test: McNemar, adjustedP: number, smallest: number): Answer {
  if (smallest > level) return "not-decidable";
  if (adjustedP > level) return "no-difference-shown";
  return test.onlyFirst > test.onlySecond ? "first-better" : "second-better";
}

function differencesByRepository(pairs: readonly Pair[]): readonly (readonly number[])[] {
  const clusters = new Map<string, number[]>();
  for (const { repository, first, second } of pairs) {
    const difference = Number(second) - Number(first);
    const cluster = clusters.get(repository);
    if (cluster === undefined) clusters.set(repository, [difference]);
    else cluster.push(difference);
  }
  return [...clusters.values()];
}
