import type { Block } from "./block.ts";

/** Blocks from the least to the most recently used. A Map would do, were its first key found in constant time after deletions. */
export type BlockList = {
  readonly size: number;
  append(block: Block): void;
  remove(block: Block): void;
  takeFirst(): Block | null;
  clear(): void;
};

type Place = { readonly block: Block | null; before: Place; after: Place };

export function createBlockList(): BlockList {
  const places = new Map<Block, Place>();
  const ends = createEnds();
  const unlink = ({ before, after }: Place): void => {
    before.after = after;
    after.before = before;
  };
  return {
    get size() {
      return places.size;
    },
    append(block) {
      const place = { block, before: ends.before, after: ends };
      ends.before.after = place;
      ends.before = place;
      places.set(block, place);
    },
    remove(block) {
      const place = places.get(block);
      if (place === undefined) return;
      unlink(place);
      places.delete(block);
    },
    takeFirst() {
      const { block } = ends.after;
      if (block === null) return null;
      unlink(ends.after);
      places.delete(block);
      return block;
    },
    clear() {
      places.clear();
      ends.before = ends;
      ends.after = ends;
    },
  };
}

/** The place before the first and after the last, so that no place lacks a neighbour. */
function createEnds(): Place {
  const ends: { block: null; before?: Place; after?: Place } = { block: null };
  return Object.assign(ends, { before: ends as Place, after: ends as Place });
}
