import { withoutMeasured } from "./measured-values.ts";
import { tailOf, withoutColours, withoutHidden } from "./visible-text.ts";

type Rule = readonly [pattern: RegExp, replacement: string];

/**
 * What differs between two runs of the same program. Each rule needs its context (a unit, a word, a date in front of a
 * time), because a time or a number alone may be the very thing the issue is about.
 */
const volatile: readonly Rule[] = [
  [/\b0x[0-9a-f]{6,16}\b/gi, "0xADDRESS"],
  [/^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3,9}(?:Z|[+-]\d\d:?\d\d)?\]?/gm, "TIMESTAMP"],
  [/(?:\/private)?\/(?:tmp|var\/tmp|var\/folders|dev\/shm)\/[\w.+/@-]{1,300}/g, "TEMPORARY-PATH"],
  [/\b(pid|process id|process|thread id|tid)([ :=#]{1,3})\d{1,10}\b/gi, "$1$2NUMBER"],
  // Go's log package; its tests; its stack traces
  [/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{6})? /gm, "TIMESTAMP "],
  [/^( {0,40}--- (?:FAIL|PASS|SKIP): \S{1,200} )\(\d{1,6}\.\d\ds\)$/gm, "$1(DURATION)"],
  [/^goroutine \d{1,9} (?=\[)/gm, "goroutine NUMBER "],
  // the folder in which a script in Go is built (languages/go/poc.ts)
  [/\bcopatcher-poc-[A-Za-z0-9]{6}\//g, "copatcher-poc/"],
];

const isWarning = (line: string): boolean =>
  line.length < 2000 && /(?:^|[\s:])[A-Z]\w{0,60}Warning: /.test(line);

/** Warnings (with the source line below each) after everything else, sorted, each once: their order is chance. */
function sortWarnings(text: string): string {
  const warnings = new Set<string>();
  const rest: string[] = [];
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const below = lines[index + 1];
    if (!isWarning(line)) {
      rest.push(line);
    } else if (below?.startsWith("  ") === true && !isWarning(below)) {
      warnings.add(`${line}\n${below}`);
      index++;
    } else {
      warnings.add(line);
    }
  }
  return [...rest, ...[...warnings].toSorted()].join("\n");
}

/**
 * An output without what changes from run to run: equal for runs that showed the same. For comparing, not for reading.
 * Measured times and sizes count only where they are `kept`.
 */
export function normaliseOutput(text: string, measured: "masked" | "kept" = "masked"): string {
  const plain = withoutColours(text).replace(/\r\n/g, "\n");
  const stable = volatile.reduce(
    (form, [pattern, replacement]) => form.replace(pattern, replacement),
    measured === "masked" ? withoutMeasured(plain) : plain,
  );
  const trimmed = stable
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
  return sortWarnings(trimmed).trim();
}

/** The end of an output as a judge sees it, at most `length` characters, without terminal colours and hidden characters. */
export function tailForJudge(text: string, length: number): string {
  const plain = withoutColours(tailOf(text, length * 20));
  return tailOf(withoutHidden(plain).trimEnd(), length);
}
