import { execFile } from "node:child_process";
import { lstat, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { identityOf } from "../../driver/process-identity.ts";
import type { SandboxJob } from "../../ports/sandbox.ts";

const execute = promisify(execFile);

/** Start of the name of every folder this adapter makes; the identity of the process that made it follows. */
export const folderPrefix = "copatcher-process-";

export type JobFolders = {
  readonly root: string;
  readonly tree: string;
  readonly aside: string;
  readonly out: string;
  readonly home: string;
};

/** New folders for one job with the tree unpacked; the caller removes `root`. */
export async function makeFolders(archive: string): Promise<JobFolders> {
  const root = await mkdtemp(join(tmpdir(), `${folderPrefix}${identityOf(process.pid)}-`));
  const folder = (name: string) => join(root, name);
  const folders = {
    root,
    tree: folder("tree"),
    aside: folder("aside"),
    out: folder("out"),
    home: folder("home"),
  };
  try {
    for (const path of [folders.tree, folders.aside, folders.out, folders.home]) await mkdir(path);
    await execute("tar", ["-x", "-f", archive, "-C", folders.tree]);
    return folders;
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

/** Puts the job's files in place; says why it refuses one. Paths are already known to be plain. */
export async function layFiles(folders: JobFolders, job: SandboxJob): Promise<string | null> {
  for (const { place, path, content } of job.files) {
    const target = join(place === "tree" ? folders.tree : folders.aside, path);
    if (place === "tree") {
      const refusal = await symbolicLink(folders.tree, path, content === null);
      if (refusal !== null) return refusal;
    }
    if (content === null) {
      await rm(target, { force: true });
      continue;
    }
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  return null;
}

/** A link itself may be deleted, but nothing is written to it or through it. */
async function symbolicLink(tree: string, path: string, deletes: boolean): Promise<string | null> {
  const segments = path.split("/");
  for (let length = 1; length <= segments.length; length += 1) {
    if (length === segments.length && deletes) return null;
    const found = await lstat(join(tree, ...segments.slice(0, length))).catch(() => null);
    if (found?.isSymbolicLink() === true) return `the path ${path} goes through a symbolic link`;
  }
  return null;
}
