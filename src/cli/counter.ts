const everyMs = 1_000;

/** Counts on standard error while it is a terminal, at most once a second; `end` gives the count. */
export function createCounter(what: string, quiet: boolean): { add(): void; end(): number } {
  let count = 0;
  let shownAt = Date.now();
  const shows = !quiet && process.stderr.isTTY;
  const show = (end: string): void => {
    if (shows) process.stderr.write(`\r${count} ${what}${end}`);
  };
  return {
    add() {
      count += 1;
      if (!shows || Date.now() - shownAt < everyMs) return;
      shownAt = Date.now();
      show("");
    },
    end() {
      show("\n");
      return count;
    },
  };
}
