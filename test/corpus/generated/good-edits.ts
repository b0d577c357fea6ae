import type { Chance } from "../../../src/eval/statistics/chance.ts";

/** One edit as its lines; all of the corpus' good edits are about different places, so that any of them go together. */
export type GoodEdit = {
  readonly path: string;
  readonly search: readonly string[];
  readonly replace: readonly string[];
};

export const goodEdits: readonly GoodEdit[] = [
  {
    path: "shop/parcel.py",
    search: ["        if self.kilograms < 1:", "            return 5"],
    replace: ["        if self.kilograms <= 1:", "            return 6"],
  },
  {
    path: "shop/parcel.py",
    search: ["    def weight(self):", "        return self.kilograms"],
    replace: ["    def weight(self):", "", "        return float(self.kilograms)"],
  },
  {
    path: "shop/parcel.py",
    search: ["        return math.ceil(self.kilograms) * 4"],
    replace: ["        steps = math.ceil(self.kilograms)", "        return steps * 4"],
  },
  {
    path: "shop/rates.py",
    search: ["        return 4", "    return 9"],
    replace: ["        return 4", "    if zone > LIMIT:", "        raise ValueError(zone)", "    return 9"],
  },
  {
    path: "shop/rates.py",
    search: ["    return [rate(zone) for zone in zones]"],
    replace: ["    return sorted(rate(zone) for zone in zones)"],
  },
  { path: "shop/tabs.py", search: ["\t\treturn 1"], replace: ["\t\treturn 3"] },
  { path: "shop/windows.py", search: ["B = 2", "C = 3"], replace: ["B = 2", "C = 4"] },
  { path: "shop/bare.py", search: ["last = 2"], replace: ["last = 3"] },
  { path: "setup.py", search: ["VERSION = 1"], replace: ["VERSION = 2"] },
];

/** One to three of the good edits in any order. */
export function someEdits(chance: Chance): readonly GoodEdit[] {
  const left = [...goodEdits];
  return Array.from({ length: 1 + chance.below(3) }, () => left.splice(chance.below(left.length), 1)).flat();
}
