import type { LineRange } from "../../domain/location.ts";
import type { Definition, Structure } from "../../languages/language.ts";
import type { GoldFile } from "./gold-places.ts";

export type Hit = {
  /** Everything was found: Co-PatcheR's measure. */
  readonly complete: boolean;
  readonly any: boolean;
  readonly recall: number;
};

/** Null where there was nothing to find. */
function hitOf(found: readonly boolean[]): Hit | null {
  if (found.length === 0) return null;
  const hits = found.filter(Boolean).length;
  return { complete: hits === found.length, any: hits > 0, recall: hits / found.length };
}

/** Whether the first `top` files, best first, hold every file that the fix changes. */
export function fileHit(gold: readonly GoldFile[], ranked: readonly string[], top = 5): Hit | null {
  const named = new Set(ranked.slice(0, top));
  return hitOf(gold.map(({ path }) => named.has(path)));
}

export type PredictedRange = { readonly path: string; readonly range: LineRange };

/** Whether the predicted ranges hold every place that the fix changes. */
export function lineHit(gold: readonly GoldFile[], predicted: readonly PredictedRange[]): Hit | null {
  return hitOf(
    gold.flatMap(({ path, places }) => {
      const ranges = predicted.filter((one) => one.path === path).map(({ range }) => range);
      return places.map(({ oneOf }) => oneOf.some((line) => ranges.some((range) => holds(range, line))));
    }),
  );
}

/**
 * The same by functions (or classes, for lines between methods): whether a predicted range touches the innermost
 * definition around each place. Places outside of every definition are not asked for.
 */
export function functionHit(
  gold: readonly GoldFile[],
  predicted: readonly PredictedRange[],
  structureOf: (path: string) => Structure,
): Hit | null {
  return hitOf(
    gold.flatMap(({ path, places }) => {
      const definitions = structureOf(path).definitions.filter(({ kind }) => kind !== "variable");
      const touched = new Set(
        predicted
          .filter((one) => one.path === path)
          .flatMap(({ range }) => linesOf(range, definitions).map((line) => innermost(definitions, line))),
      );
      const wanted = places
        .map(({ oneOf }) => oneOf.flatMap((line) => innermost(definitions, line) ?? []))
        .filter((around) => around.length > 0);
      return wanted.map((around) => around.some((definition) => touched.has(definition)));
    }),
  );
}

const holds = ({ first, last }: LineRange, line: number): boolean => first <= line && line <= last;

/** A model may claim any number of lines; those beyond the last definition hold none. */
function linesOf({ first, last }: LineRange, definitions: readonly Definition[]): readonly number[] {
  const end = Math.min(
    last,
    definitions.reduce((most, { range }) => Math.max(most, range.last), 0),
  );
  const start = Math.max(1, first);
  return Array.from({ length: Math.max(0, end - start + 1) }, (_, offset) => start + offset);
}

const size = ({ range }: Definition): number => range.last - range.first;

const innermost = (definitions: readonly Definition[], line: number): Definition | null =>
  definitions
    .filter(({ range }) => holds(range, line))
    .reduce<Definition | null>((best, one) => (best === null || size(one) <= size(best) ? one : best), null);
