import { stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { gitText } from "./git-command.ts";

const prefix = "refs/copatcher/";

/** Where a commit that was fetched is kept; its existence says that the commit is complete. */
export const keptRef = (sha: string): string => `${prefix}${sha}`;

/** Commits leave a mirror at most once in so long: what stays is written anew then. */
const pauseMs = 24 * 60 * 60_000;

/** Notes that a commit is used now: the time of its ref's file says so. */
export async function noteCommit(gitDirectory: string, sha: string): Promise<void> {
  const now = new Date();
  // a ref without a file of its own was packed by an operator's git, and stays
  await utimes(join(gitDirectory, keptRef(sha)), now, now).catch(() => undefined);
}

/**
 * Removes the commits that were last used before `before` (milliseconds since 1970) from the mirror of `environment`,
 * with all that only they hold; returns how many. Nobody may fetch meanwhile; who reads the others is not disturbed.
 */
export async function dropCommits(
  gitDirectory: string,
  environment: Readonly<Record<string, string>>,
  before: number,
): Promise<number> {
  const run = (args: readonly string[], input = ""): Promise<string> => gitText({ args, environment, input });
  const refs = (await run(["for-each-ref", "--format=%(refname)"])).split("\n").filter((ref) => ref !== "");
  const kept = refs.filter((ref) => ref.startsWith(prefix));
  const used = new Map(
    await Promise.all(kept.map(async (ref) => [ref, await writtenAt(join(gitDirectory, ref))] as const)),
  );
  if (Math.min(...used.values()) >= before - pauseMs) return 0;
  const old = kept.filter((ref) => (used.get(ref) ?? before) < before);
  // branches and tags come with a whole history and are never read
  const others = refs.filter((ref) => !ref.startsWith(prefix));
  const orders = [...old, ...others].map((ref) => `delete ${ref}\n`);
  await run(["update-ref", "--stdin"], orders.join(""));
  await run(["repack", "-a", "-d", "--quiet", "--no-write-bitmap-index", "--threads=1"]);
  await run(["prune", "--expire=1.hour.ago"]);
  return old.length;
}

const writtenAt = (file: string): Promise<number> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => Infinity,
  );
