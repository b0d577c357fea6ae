/** The last failing turn of an instance that was not solved. */
export type FailedTurn = {
  readonly output: string;
  readonly timedOut: boolean;
  readonly collected: boolean;
  /** The machinery broke, not what was tested. */
  readonly broke?: boolean;
};

const tracebackHead = "Traceback (most recent call last):";

/** First line after a Python traceback's frames: any class, also one that is not named like an error. */
const raised = /^((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?=:|\s*$)/;

/** An exception on a line of its own: Python, Java, Node, also after pytest's `E`, and Go's `panic:`. */
const named =
  /^(?:E\s+)?(?:Uncaught |Exception in thread "[^"]*" |Caused by: )?((?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*(?:Error|Exception|Warning|Interrupt|Exit|Iteration|Failure)|panic(?=:))(?: \[[A-Z_]+\])?(?=:|\s*$)/;

/** The end of pytest's report of a failure: `tests/test_a.py:3: AssertionError`. */
const located = /^\S+:\d+: ([A-Z]\w*)\s*$/;

/** Lines are read no further than this: no exception's name stands beyond, and output is hostile. */
const longestLine = 1000;

/**
 * Class of the last exception of a failed turn, without its module; `Infrastructure`, `Timeout`, `CollectionError` and
 * `Unknown` are classes of their own.
 */
export function exceptionClass(turn: FailedTurn): string {
  if (turn.broke === true) return "Infrastructure";
  if (turn.timedOut) return "Timeout";
  if (!turn.collected) return "CollectionError";
  let last: string | undefined;
  let inTraceback = false;
  for (const whole of turn.output.split("\n")) {
    const line = whole.slice(0, longestLine).trimEnd();
    if (line.trim() === tracebackHead) {
      inTraceback = true;
      continue;
    }
    const ends = inTraceback && /^\S/.test(line);
    const match = (ends ? raised.exec(line) : null) ?? named.exec(line) ?? located.exec(line);
    last = match?.[1] ?? last;
    if (ends) inTraceback = false;
  }
  return last?.split(".").at(-1) ?? "Unknown";
}

export type ExceptionCount = { readonly name: string; readonly count: number };

export type ExceptionReport = {
  readonly unresolved: number;
  /** Most frequent first, then by name. */
  readonly byClass: readonly ExceptionCount[];
  /** Unsolved instances per solved one; null when nothing was solved. */
  readonly perSolved: number | null;
};

export function countExceptions(turns: readonly FailedTurn[], solved: number): ExceptionReport {
  const counts = new Map<string, number>();
  for (const name of turns.map(exceptionClass)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    unresolved: turns.length,
    byClass: [...counts]
      .map(([name, count]) => ({ name, count }))
      .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)),
    perSolved: solved === 0 ? null : turns.length / solved,
  };
}
