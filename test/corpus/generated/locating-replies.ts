import { seededChance, type Chance } from "../../../src/eval/statistics/chance.ts";
import type { Entry, Place } from "../entry.ts";
import { shown } from "../read-reply.ts";
import { fenced } from "../reply.ts";
import { tree } from "../tree.ts";
import { onlyThought, wrappings } from "./wrappings.ts";

const rounds = 4;

const pick = <T>(chance: Chance, all: readonly [T, ...T[]]): T => all[chance.below(all.length)] ?? all[0];

function shuffled<T>(chance: Chance, all: readonly T[]): readonly T[] {
  const left = [...all];
  return all.flatMap(() => left.splice(chance.below(left.length), 1));
}

/** A path as models write it in a list. */
const listed = (path: string, chance: Chance): string =>
  pick(chance, [
    path,
    `./${path}`,
    `a/${path}`,
    `\`${path}\``,
    `- ${path}`,
    `* **${path}**`,
    `${1 + chance.below(9)}. ${path}`,
    `${path}:${1 + chance.below(90)}`,
    `${path} - the rule is here`,
    `File: ${path}`,
    `### ${path} ###`,
    `  ${path}`,
  ]);

/** A place and the line that names it. */
function somePlace(path: string, chance: Chance): readonly [line: string, place: Place] {
  const first = 1 + chance.below(15);
  const last = first + 1 + chance.below(9);
  const name = `Thing.f${chance.below(99)}`;
  const gap = pick(chance, [" ", "", "  "]);
  const lead = pick(chance, ["", "- ", "    ", "* "]);
  const [line, place] = pick<readonly [string, Place[1]]>(chance, [
    [`line:${gap}${first}`, { first, last: first }],
    [`Line:${gap}${first}`, { first, last: first }],
    [`**line**: ${first}`, { first, last: first }],
    [`line:${gap}${first}-${last}`, { first, last }],
    [`lines: ${last} to ${first}`, { first, last }],
    [`function:${gap}${name}`, `function ${name}`],
    [`function: \`${name}\``, `function ${name}`],
    [`method: ${name}(self, a)`, `function ${name}`],
    [`function: async def ${name}(self)`, `function ${name}`],
    [`class:${gap}${name}`, `class ${name}`],
    [`variable: ${name}`, `variable ${name}`],
  ]);
  return [lead + line, [path, place]];
}

function someFiles(chance: Chance): readonly [answer: string, files: readonly string[]] {
  const files = shuffled(chance, Object.keys(tree)).slice(0, 1 + chance.below(5));
  return [fenced(files.map((path) => listed(path, chance)).join("\n")), files];
}

function somePlaces(chance: Chance): readonly [answer: string, places: readonly Place[]] {
  const files = shuffled(chance, shown).slice(0, 1 + chance.below(shown.length));
  const named = files.map((path) =>
    Array.from({ length: 1 + chance.below(4) }, () => somePlace(path, chance)),
  );
  const text = files.map((path, index) =>
    [listed(path, chance), ...(named[index] ?? []).map(([line]) => line)].join("\n"),
  );
  return [fenced(text.join("\n\n")), named.flat().map(([, place]) => place)];
}

function replies<T>(
  seed: number,
  some: (chance: Chance) => readonly [answer: string, reading: readonly T[]],
): readonly Entry<readonly T[]>[] {
  return Array.from({ length: rounds }, (_, round) =>
    [...wrappings, ...onlyThought].map((wrapping, index) => {
      const [name, wrap] = wrapping;
      const chance = seededChance(seed + 100 * round + index);
      const [answer, reading] = some(chance);
      const [draft] = some(chance);
      return {
        name: `${name} (${round})`,
        reply: wrap(answer, draft, chance),
        reading: onlyThought.includes(wrapping) ? [] : reading,
      };
    }),
  ).flat();
}

export const generatedFileReplies = replies(10_000, someFiles);
export const generatedPlaceReplies = replies(20_000, somePlaces);
