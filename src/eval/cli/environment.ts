import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { arch, cpus, release, totalmem, type } from "node:os";
import { promisify } from "node:util";
import { z } from "zod";
import type { Report } from "../report/report.ts";

const run = promisify(execFile);
const root = new URL("../../../", import.meta.url);
const Manifest = z.object({ version: z.string() });

/** The program and the machine behind a report's numbers. */
export async function evaluationEnvironment(): Promise<NonNullable<Report["environment"]>> {
  const { version } = Manifest.parse(JSON.parse(await readFile(new URL("package.json", root), "utf8")));
  const commit = await commitOf(root);
  const processors = cpus();
  return {
    copatcher: commit === null ? version : `${version} (${commit})`,
    node: process.version,
    system: `${type()} ${release()} ${arch()}`,
    processors: `${processors.length} x ${processors[0]?.model.trim() ?? "unknown"}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  };
}

/** With `-dirty` where files have changed since; null where the program is no checkout, as in an image. */
async function commitOf(folder: URL): Promise<string | null> {
  const describe = ["describe", "--always", "--dirty", "--exclude=*", "--abbrev=12"];
  try {
    return (await run("git", describe, { cwd: folder })).stdout.trim();
  } catch {
    return null;
  }
}
