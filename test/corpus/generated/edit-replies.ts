import { seededChance } from "../../../src/eval/statistics/chance.ts";
import type { EditReading, Entry } from "../entry.ts";
import { faults, idle } from "./faults.ts";
import { someEdits, type GoodEdit } from "./good-edits.ts";
import { oddSpellings } from "./odd-spellings.ts";

const timesEach = 6;

const readingOf = (edits: readonly GoodEdit[]): EditReading =>
  edits.map(({ path, search, replace }) => {
    const end = path === "shop/windows.py" ? "\r\n" : "\n";
    return [path, search.join(end), replace.join(end)];
  });

/** Right patches written in odd ways, and patches spoilt in one place; each several times, of different edits. */
export const generatedEditReplies: readonly Entry<EditReading>[] = Array.from(
  { length: timesEach },
  (_, round) => {
    const odd = oddSpellings.map(([name, write], index): Entry<EditReading> => {
      const chance = seededChance(1000 * round + index);
      const edits = someEdits(chance);
      return { name: `${name} (${round})`, reply: write(edits, chance), reading: readingOf(edits) };
    });
    const spoilt = [...faults, idle].map(({ name, reading, finish, write }, index): Entry<EditReading> => {
      const chance = seededChance(1000 * round + 500 + index);
      const edits = someEdits(chance);
      const reply = write(edits, chance.below(edits.length), chance);
      return { name: `${name} (${round})`, reply, reading, ...(finish === undefined ? {} : { finish }) };
    });
    return [...odd, ...spoilt];
  },
).flat();
