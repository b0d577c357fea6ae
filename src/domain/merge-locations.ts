import type { FileLocation, LineRange, Location, NamedLocation } from "./location.ts";

type Tally = { readonly path: string; readonly ranks: number[] };

const meanRank = (tally: Tally): number =>
  tally.ranks.reduce((sum, rank) => sum + rank, 0) / tally.ranks.length;

/** The `top` files by votes, then by mean rank in the samples that name them, then first seen. One vote per sample. */
export function mergeFiles(samples: readonly (readonly string[])[], top: number): readonly FileLocation[] {
  const tallies = new Map<string, Tally>();
  for (const sample of samples) {
    for (const [rank, path] of [...new Set(sample)].entries()) {
      const tally = tallies.get(path) ?? { path, ranks: [] };
      tally.ranks.push(rank);
      tallies.set(path, tally);
    }
  }
  return [...tallies.values()]
    .toSorted((a, b) => b.ranks.length - a.ranks.length || meanRank(a) - meanRank(b))
    .slice(0, top)
    .map(({ path, ranks }) => ({ path, votes: ranks.length }));
}

type SampledRange = { readonly range: LineRange; readonly sample: number };

/** Overlapping ranges of one file as one location each, in line order. */
function mergeRanges(path: string, ranges: readonly SampledRange[]): readonly Location[] {
  const merged: { range: LineRange; readonly samples: Set<number> }[] = [];
  for (const { range, sample } of ranges.toSorted((a, b) => a.range.first - b.range.first)) {
    const last = merged.at(-1);
    if (last !== undefined && range.first <= last.range.last) {
      last.range = { first: last.range.first, last: Math.max(last.range.last, range.last) };
      last.samples.add(sample);
    } else {
      merged.push({ range, samples: new Set([sample]) });
    }
  }
  return merged.map(({ range, samples }) => ({ path, range, votes: samples.size }));
}

/**
 * What all samples suspect: places resolved to lines, overlapping ones merged; a location's votes are the samples
 * that named any part of it. Files in the order of first mention, lines in order. `resolve` gives every place
 * that a name may mean, none for what does not exist, and must cut line numbers to the file's length.
 */
export function mergeLocations(
  samples: readonly (readonly NamedLocation[])[],
  resolve: (named: NamedLocation) => readonly LineRange[],
): readonly Location[] {
  const byPath = new Map<string, SampledRange[]>();
  for (const [sample, places] of samples.entries()) {
    for (const place of places) {
      const valid = resolve(place).filter(({ first, last }) => first >= 1 && first <= last);
      if (valid.length === 0) continue;
      const ranges = byPath.get(place.path) ?? [];
      for (const range of valid) ranges.push({ range, sample });
      byPath.set(place.path, ranges);
    }
  }
  return [...byPath].flatMap(([path, ranges]) => mergeRanges(path, ranges));
}
