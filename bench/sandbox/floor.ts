import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { shellQuote } from "../../src/driver/shell-quote.ts";
import { pythonFolders } from "../../src/driver/host-python.ts";
import type { CpuAccount } from "./cpu-account.ts";
import { patchedFile, type BenchTree } from "./trees.ts";

const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Unpacks the image's files, so that the floor runs the same programs. */
export function unpackImage(image: string, directory: string): string {
  const root = join(directory, "root");
  mkdirSync(root, { recursive: true });
  const script = `id=$(docker create ${image} true) && docker export $id | tar -x -C ${root}; docker rm $id >/dev/null`;
  execFileSync("sh", ["-c", script], { stdio: "pipe" });
  for (const folder of ["sbx/repo", "sbx/base"]) mkdirSync(join(root, folder), { recursive: true });
  return root;
}

/**
 * The least that a candidate can cost: the tree unpacked into memory, the patch, the five commands, and the memory given
 * back; nothing is isolated. `root` "/" means the host's own programs.
 */
export async function runFloor(root: string, tree: BenchTree, account: CpuAccount): Promise<void> {
  const inRoot = root !== "/";
  const base = inRoot ? join(root, `sbx/base/${tree.name}.tar`) : tree.archive.file;
  if (inRoot) copyFileSync(tree.archive.file, base);
  const repo = inRoot ? "/sbx/repo" : "/mnt";
  const commands = tree.scripts.map((script) => `sh -c ${shellQuote(script)} >/dev/null 2>&1 </dev/null`);
  const path = [...(inRoot ? [] : await pythonFolders()).map((folder) => `${folder}/bin`), searchPath].join(
    ":",
  );
  const inner = [
    `export PATH=${path}`,
    `cd ${repo} && tar -x -f ${inRoot ? `/sbx/base/${tree.name}.tar` : base} --no-same-owner`,
    `printf %s ${shellQuote(patchedFile.content)} >${patchedFile.path}`,
    ...commands,
  ].join(" && ");
  const script = [
    `echo $$ >${account.joinFile}`,
    `mount -t tmpfs -o size=1g none ${inRoot ? root : ""}${repo}`,
    `${inRoot ? `chroot ${root} ` : ""}sh -c ${shellQuote(inner)}`,
  ].join(" && ");
  const child = spawn("unshare", ["--mount", "sh", "-c", script], { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the floor's script failed with exit ${code}`);
}
