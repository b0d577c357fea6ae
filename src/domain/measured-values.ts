import { withoutColours } from "./visible-text.ts";

/** A number with its unit that a program measured of itself: seconds or bytes. */
type Measured = { readonly kind: "duration" | "size"; readonly value: number };

type Place = {
  readonly kind: Measured["kind"];
  readonly pattern: RegExp;
  /** What to write for a match whose number shall not count. */
  readonly mask: string;
};

/** Each needs its context (a unit and a word), because a number alone may be the very thing the issue is about. */
const places: readonly Place[] = [
  {
    kind: "duration",
    pattern:
      /\b(in|took|after|elapsed|duration|time)([ :=]{1,3})\d{1,9}(?:\.\d{1,9})? ?(?:ns|[µu]s|ms|s|sec|seconds?|minutes?)\b/gi,
    mask: "$1$2DURATION",
  },
  {
    kind: "duration",
    pattern: /\b(real|user|sys)(\s{1,8})\d{1,6}m\d{1,3}[.,]\d{1,6}s/g,
    mask: "$1$2DURATION",
  },
  {
    kind: "size",
    pattern:
      /\b(memory|rss|maxrss|peak|heap|allocated)([\w ]{0,20}[ :=]{1,3})\d{1,12}(?:\.\d{1,6})? ?(?:bytes|[KMG]i?B)\b/gi,
    mask: "$1$2SIZE",
  },
];

/** The text with a word instead of each measured value. */
export const withoutMeasured = (text: string): string =>
  places.reduce((form, { pattern, mask }) => form.replace(pattern, mask), text);

const units: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  m: 60,
  minute: 60,
  minutes: 60,
  kb: 1e3,
  kib: 2 ** 10,
  mb: 1e6,
  mib: 2 ** 20,
  gb: 1e9,
  gib: 2 ** 30,
};

/** The measured values of a text, those of one kind of place in the order of the text. */
function measuredIn(text: string): readonly Measured[] {
  const plain = withoutColours(text);
  return places.flatMap(({ kind, pattern }) =>
    Array.from(plain.matchAll(pattern), ([whole]) => {
      const parts = whole.replace(",", ".").matchAll(/(\d+(?:\.\d+)?) ?([a-zµ]*)/gi);
      const values = Array.from(
        parts,
        ([, number = "", unit = ""]) => Number(number) * (units[unit.toLowerCase()] ?? 1),
      );
      return { kind, value: values.reduce((sum, value) => sum + value, 0) };
    }),
  );
}

/** Runs of the same program differ by less, on a busy machine too; what is smaller is noise by any factor. */
const farFactor = 3;
const least: Readonly<Record<Measured["kind"], number>> = { duration: 0.5, size: 5e6 };

/** Whether two outputs with equally many measured values differ widely in one of them. */
export function areFarApart(one: string, other: string): boolean {
  const [values, others] = [measuredIn(one), measuredIn(other)];
  return (
    values.length === others.length &&
    values.some(({ kind, value }, nth) => {
      const [low = 0, high = 0] = [value, others[nth]?.value ?? value].sort((a, b) => a - b);
      return high - low >= least[kind] && high >= farFactor * low;
    })
  );
}
