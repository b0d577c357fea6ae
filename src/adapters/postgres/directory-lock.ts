import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";

/** How often the holder touches its lock, and how long a lock of another host may stay untouched, in milliseconds. */
const beatMs = 2_000;
const silenceMs = 15_000;

const holderSchema = z.object({
  pid: z.number(),
  /** Start time of the process, so that a reused pid is not taken for the holder; null where it is unknown. */
  started: z.string().nullable(),
  host: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/** What a lock file says once its holder has let go. */
const free = "free";

/**
 * Makes this process the only user of `directory` (created when missing) until the returned function is called.
 * A lock whose process is gone is taken over. Throws RepairError `store-unavailable`, naming the holder.
 *
 * Lock files are numbered and the highest counts: whoever follows number n makes n+1, which only one can. Removing
 * a stale lock and making a new one of the same name would let a slow second process remove the new one.
 */
export async function lockDirectory(directory: string, clock: Clock): Promise<() => Promise<void>> {
  const draft = join(directory, `draft.${randomUUID()}`);
  const mine: Holder = { pid: process.pid, started: await startTime(process.pid), host: hostname() };
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RepairError("store-unavailable", `The directory ${directory} cannot be written: ${why}.`, {
      cause: error,
    });
  }
  let path: string | null = null;
  try {
    while (path === null) path = await tryNext(directory, draft, clock);
  } finally {
    await rm(draft, { force: true });
  }
  return holdUntilReleased(path, draft);
}

/** The path of the lock just made, or null when somebody else was faster and the holder has to be looked at again. */
async function tryNext(directory: string, draft: string, clock: Clock): Promise<string | null> {
  const numbers = await lockNumbers(directory);
  const highest = Math.max(0, ...numbers);
  const current = lockPath(directory, highest);
  const holder = await readHolder(current);
  if (holder !== null && (await alive(holder, current, clock))) throw inUse(directory, holder);

  const path = lockPath(directory, highest + 1);
  if (!(await linked(draft, path))) return null;
  // Whoever was so slow that others came and went may have filled a gap that they left.
  const overtaken = (await lockNumbers(directory)).some((number) => number > highest + 1);
  const superfluous = overtaken ? [path] : numbers.map((number) => lockPath(directory, number));
  for (const old of superfluous) await rm(old, { force: true });
  return overtaken ? null : path;
}

function holdUntilReleased(path: string, draft: string): () => Promise<void> {
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, beatMs);
  beat.unref();
  return async () => {
    clearInterval(beat);
    await writeFile(draft, free);
    await rename(draft, path);
  };
}

/** Processes of another host (or container) cannot be looked up; they show their life by touching the lock. */
async function alive(holder: Holder, path: string, clock: Clock): Promise<boolean> {
  if (holder.host === hostname()) {
    if (!processExists(holder.pid)) return false;
    return holder.started === null || holder.started === (await startTime(holder.pid));
  }
  const touched = (): Promise<number | null> => unlessMissing(stat(path).then(({ mtimeMs }) => mtimeMs));
  const before = await touched();
  for (let waited = 0; waited < silenceMs; waited += beatMs) {
    await clock.sleep(beatMs);
    if ((await touched()) !== before) return true;
  }
  return false;
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** Clock ticks between boot and the start of the process (field 22); null where there is no /proc. */
async function startTime(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  // The command name in parentheses may itself hold spaces and parentheses.
  return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

const lockPath = (directory: string, number: number): string => join(directory, `lock.${number}`);

async function lockNumbers(directory: string): Promise<readonly number[]> {
  const names = await readdir(directory);
  return names.flatMap((name) => /^lock\.(\d{1,15})$/.exec(name)?.[1] ?? []).map(Number);
}

/** Null when nobody holds the lock; one that cannot be understood (a power cut) is a silent stranger's. */
async function readHolder(path: string): Promise<Holder | null> {
  const text = await unlessMissing(readFile(path, "utf8"));
  if (text === null || text === free) return null;
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return { pid: 0, started: null, host: "an unknown host" };
  }
}

function inUse(directory: string, holder: Holder): RepairError {
  const where = holder.host === hostname() ? "" : ` on ${holder.host}`;
  return new RepairError(
    "store-unavailable",
    `${directory} is in use by process ${holder.pid}${where}; stop it or choose another directory.`,
    { data: { directory, pid: holder.pid, host: holder.host } },
  );
}

/** Gives `target` a second name, whole or not at all; false when that name is taken. */
async function linked(target: string, name: string): Promise<boolean> {
  try {
    await link(target, name);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw new RepairError("store-unavailable", `${name} cannot be created.`, { cause: error });
  }
}

/** The value, or null when the file is not there (any more). */
async function unlessMissing<T>(value: Promise<T>): Promise<T | null> {
  try {
    return await value;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;
