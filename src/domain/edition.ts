/**
 * Which execution of which run a comment speaks for: `attempt` counts the runs, `fence` the run's claims, 0
 * before the first.
 */
export type Edition = { readonly run: string; readonly attempt: number; readonly fence: number };

const word = /^[\w.-]{1,100}$/;
const line = /^<!-- copatcher:edition run=([\w.-]{1,100}) attempt=(\d{1,9}) fence=(\d{1,9}) -->$/;

/** The hidden line that tells a comment's edition; it stands alone, below the comment's marker. */
export function editionLine({ run, attempt, fence }: Edition): string {
  if (!word.test(run)) throw new RangeError("a run's id must be one word");
  return `<!-- copatcher:edition run=${run} attempt=${attempt} fence=${fence} -->`;
}

/** The edition of a comment that starts with `marker`; only its second line counts, since further down others' words begin. */
export function editionOf(marker: string, body: string): Edition | null {
  const [first, second] = body.split(/\r?\n/, 2);
  const found = first === marker ? line.exec(second ?? "") : null;
  const [, run, attempt, fence] = found ?? [];
  return run === undefined ? null : { run, attempt: Number(attempt), fence: Number(fence) };
}

/**
 * Negative when `one` is older than `other`, 0 also when nobody can tell. What has no edition is older than what has one.
 */
export function compareEditions(one: Edition | null, other: Edition | null): number {
  if (one === null || other === null) return (one === null ? 0 : 1) - (other === null ? 0 : 1);
  if (one.run === other.run) return one.fence - other.fence;
  const attempts = one.attempt - other.attempt;
  return areOfOneCount(attempts, begunAt(one) - begunAt(other)) ? attempts : 0;
}

/** Clocks of two hosts differ by less, in milliseconds. */
const clearly = 10 * 60 * 1000;

/**
 * Attempts are counted from 1 again when a repository's data was removed, or the bot has a new database. Then a run with
 * the smaller count is clearly the later one, and what the old one wrote must not silence it.
 */
const areOfOneCount = (attempts: number, milliseconds: number): boolean =>
  attempts !== 0 && !(attempts > 0 ? milliseconds < -clearly : milliseconds > clearly);

/** When a run was requested: ids begin with it (see `newRunId`). NaN for other ids. */
const begunAt = ({ run }: Edition): number =>
  /^[0-9a-z]{19}$/.test(run) ? Number.parseInt(run.slice(0, 9), 36) : Number.NaN;
