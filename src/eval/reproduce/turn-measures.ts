import { countExceptions } from "../metrics/exceptions.ts";
import { spread } from "../metrics/reasoning-length.ts";
import { solvedWithin } from "../metrics/solved-within.ts";
import { meanMeasure, shareMeasure, valueMeasure } from "../report/plain-measure.ts";
import type { Measure } from "../report/report.ts";
import { solvedAt, type Turns } from "../turns/turns.ts";
import { solvedWithinName } from "./table.ts";
import { likenessMeasures, type Grammars } from "./turn-likeness.ts";

/** Everything that `Fixing on the Fly` measures of an arm. */
export const turnMeasures = (
  all: readonly Turns[],
  turns: number,
  grammars: Grammars,
): readonly Measure[] => [
  ...solvedMeasures(all, turns),
  ...likenessMeasures(all, grammars),
  ...reasoningMeasures(all),
  ...errorMeasures(all),
];

function solvedMeasures(all: readonly Turns[], turns: number): readonly Measure[] {
  const { solved, gains } = solvedWithin(all.map(solvedAt), turns);
  return [
    ...solved.map((share, place) => ({
      ...shareMeasure(solvedWithinName(place + 1), share * all.length, all.length),
      at: { curve: "solved", x: place + 1, axis: "turn" } as const,
    })),
    ...gains.map((gain, place) => shareMeasure(`turn ${place + 1} adds`, gain * all.length, all.length)),
  ];
}

function reasoningMeasures(all: readonly Turns[]): readonly Measure[] {
  const lengths = all.flatMap(({ taken }) => taken.map((turn) => turn.reasoning));
  const words = spread(lengths.map((length) => length.words));
  const ofWords = (name: string, value: number | undefined): Measure =>
    valueMeasure(`words of an answer's reasoning, ${name}`, "words", value ?? null, lengths.length);
  const cut = lengths.filter(({ unclosed, cutByLimit }) => unclosed || cutByLimit).length;
  return [
    meanMeasure(
      "words of an answer's reasoning",
      "words",
      lengths.map(({ words }) => words),
    ),
    ofWords("median", words?.median),
    ofWords("95 % of them", words?.p95),
    ofWords("most", words?.max),
    meanMeasure(
      "characters of an answer's reasoning",
      "characters",
      lengths.map(({ characters }) => characters),
    ),
    meanMeasure(
      "blocks of an answer's reasoning",
      "count",
      lengths.map(({ blocks }) => blocks),
    ),
    shareMeasure("answers that were cut off", cut, lengths.length),
  ];
}

/** Of what was not solved, by what its last answer ended with. */
function errorMeasures(all: readonly Turns[]): readonly Measure[] {
  const last = all.filter((turns) => solvedAt(turns) === null).map(({ taken }) => taken.at(-1));
  const failed = last.flatMap((turn) => turn?.failure ?? []);
  const solved = all.length - last.length;
  const { byClass, perSolved } = countExceptions(failed, solved);
  return [
    ...[...byClass, { name: "no patch", count: last.length - failed.length }]
      .filter(({ count }) => count > 0)
      .map(({ name, count }) => valueMeasure(`not solved: ${name}`, "count", count, all.length)),
    valueMeasure("failed runs of tests for each solved case", "score", perSolved, all.length),
  ];
}
