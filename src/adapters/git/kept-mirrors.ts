import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repoSlug } from "../../domain/issue.ts";
import type { RepoSource } from "../../ports/workspace.ts";

/** Says whose mirror a folder holds; its time is that of the last use. */
const noteFile = "repository";

const folderName = /^[0-9a-f]{32}$/;

/** Does `work` while nobody else in this process fetches into the folder. */
type Exclusively = <T>(folder: string, work: () => Promise<T>) => Promise<T>;

/** Notes that a folder is used now, and for which repository. */
export async function noteUse(folder: string, source: RepoSource): Promise<void> {
  await mkdir(folder, { recursive: true });
  const name = source.kind === "remote" ? repoSlug(source.repo).toLowerCase() : "";
  await writeFile(join(folder, noteFile), `${name}\n`);
}

export const isMirror = (gitDirectory: string): Promise<boolean> =>
  stat(join(gitDirectory, "HEAD")).then(
    () => true,
    () => false,
  );

/** Names of the repositories that have a mirror; local ones have none. */
export async function mirroredIn(directory: string): Promise<readonly string[]> {
  const notes = (await foldersIn(directory)).map((folder) =>
    readFile(join(folder, noteFile), "utf8").catch(() => ""),
  );
  return (await Promise.all(notes)).map((note) => note.trim()).filter((name) => name !== "");
}

/** Folders without a note were made before there were notes; they may hold the repository, so they go as well. */
export async function forgetMirrors(
  directory: string,
  repository: string,
  exclusively: Exclusively,
): Promise<number> {
  const wanted = repository.toLowerCase();
  let count = 0;
  for (const folder of await foldersIn(directory)) {
    count += await exclusively(folder, async () => {
      const note = await readFile(join(folder, noteFile), "utf8").catch(() => wanted);
      return note.trim() === wanted ? remove(folder) : 0;
    });
  }
  return count;
}

/** Whole mirrors that nobody used; of the others the archives that nobody used, and what `compact` removes. */
export async function pruneMirrors(
  directory: string,
  before: number,
  exclusively: Exclusively,
  compact: (folder: string) => Promise<number>,
): Promise<number> {
  let count = 0;
  for (const folder of await foldersIn(directory)) {
    count += await exclusively(folder, async () => {
      const used = (await usedAt(join(folder, noteFile))) ?? (await usedAt(folder));
      if (used !== null && used < before) return remove(folder);
      return (await pruneArchives(join(folder, "archives"), before)) + (await compact(folder));
    });
  }
  return count;
}

async function pruneArchives(directory: string, before: number): Promise<number> {
  let count = 0;
  for (const name of await readdir(directory).catch(() => [])) {
    const used = await usedAt(join(directory, name));
    if (used !== null && used < before) count += await remove(join(directory, name));
  }
  return count;
}

const usedAt = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );

async function remove(path: string): Promise<number> {
  await rm(path, { recursive: true, force: true });
  return 1;
}

const foldersIn = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory).catch(() => []))
    .filter((name) => folderName.test(name))
    .map((name) => join(directory, name));
