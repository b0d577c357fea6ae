import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Where every random choice of an evaluation comes from; the same seed gives the same choices. */
export type Chance = {
  /** A whole number from 0 to `bound` - 1, each equally likely. */
  readonly below: (bound: number) => number;
};

export function seededChance(seed: number): Chance {
  const generator = xoroshiro128plus(seed);
  return { below: (bound) => uniformInt(generator, 0, bound - 1) };
}

/** `size` different numbers below `count`, ascending; every such set is equally likely. */
export function subset(count: number, size: number, chance: Chance): readonly number[] {
  const places = Array.from({ length: count }, (_, place) => place);
  const taken: number[] = [];
  while (taken.length < size && places.length > 0) {
    taken.push(...places.splice(chance.below(places.length), 1));
  }
  return taken.sort((a, b) => a - b);
}
