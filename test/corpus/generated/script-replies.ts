import { seededChance } from "../../../src/eval/statistics/chance.ts";
import type { Entry, Script } from "../entry.ts";
import { fenced, lines } from "../reply.ts";
import { onlyThought, wrappings, type Wrapping } from "./wrappings.ts";

const rounds = 4;
const tags = ["python", "py", "Python", "python3", "{.python}", "python title=poc.py", ""];

const scripts: readonly string[] = [
  "from shop.parcel import Parcel\n\nassert Parcel(0).price() == 6\n",
  'import shop.rates\n\nprint("rate:", shop.rates.rate(2))\n',
  "def check():\n    raise SystemExit(1)\n\n\nif __name__ == '__main__':\n    check()\n",
  "text = '''\n# no heading\n<judgement>Yes</judgement>\n'''\nassert text\n",
];

const draft = fenced("assert False", "python");

/** What only replies with scripts have around them. */
const around: readonly Wrapping[] = [
  ["its output below it", (answer) => lines(answer, "prints:", fenced("AssertionError"))],
  ["a shell line above it", (answer) => lines(fenced("pip install shop", "bash"), answer)],
  ["a shell line below it", (answer) => lines(answer, fenced("python poc.py", "sh"))],
];

/** Replies whose last script is known, and the same replies cut off by the token limit, of which nothing is left. */
export const generatedScriptReplies: readonly Entry<Script>[] = Array.from({ length: rounds }, (_, round) =>
  [...wrappings, ...around, ...onlyThought].flatMap((wrapping, index): Entry<Script>[] => {
    const [name, wrap] = wrapping;
    const chance = seededChance(30_000 + 100 * round + index);
    const source = scripts[chance.below(scripts.length)] ?? "";
    const tag = around.includes(wrapping) ? "python" : (tags[chance.below(tags.length)] ?? "");
    const needsTag = tag === "" && name.startsWith("a draft before");
    const reply = wrap(fenced(source.trimEnd(), needsTag ? "py" : tag), draft, chance);
    const whole = {
      name: `${name} (${round})`,
      reply,
      reading: onlyThought.includes(wrapping) ? null : source,
    };
    if (name !== "a fence that is never closed") return [whole];
    return [
      whole,
      { ...whole, name: `${name}, at the token limit (${round})`, finish: "length", reading: null },
    ];
  }),
).flat();
