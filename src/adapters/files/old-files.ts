import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Removes entries of `directory` that `isOurs` and that nobody touched since `before` (milliseconds); returns how many. */
export async function removeOlder(
  directory: string,
  isOurs: (name: string) => boolean,
  before: number,
): Promise<number> {
  let count = 0;
  for (const name of (await namesIn(directory)).filter(isOurs)) {
    const path = join(directory, name);
    const found = await stat(path).catch(unlessMissing);
    if (found === null || found.mtimeMs >= before) continue;
    await rm(path, { recursive: true, force: true });
    count += 1;
  }
  return count;
}

/** Removes those of the named entries that are there; returns how many. */
export async function removeNamed(directory: string, names: readonly string[]): Promise<number> {
  const there = new Set(await namesIn(directory));
  const wanted = names.filter((name) => there.has(name));
  for (const name of wanted) await rm(join(directory, name), { recursive: true, force: true });
  return wanted.length;
}

export const namesIn = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory).catch(unlessMissing)) ?? [];

export function unlessMissing(error: unknown): null {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
  throw error;
}
