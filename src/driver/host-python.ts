import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Folders outside of /usr that the host's `python3` needs, the one with its `bin` first; none when it lies in /usr. */
export async function pythonFolders(): Promise<readonly string[]> {
  // a shim (pyenv, asdf) is no interpreter, so the interpreter itself is asked
  const asked = await run("python3", [
    "-I",
    "-c",
    "import sys; print(sys.prefix); print(sys.base_prefix)",
  ]).catch(() => null);
  const prefixes = asked === null ? [] : asked.stdout.trim().split("\n");
  return [...new Set(prefixes)].filter(
    (prefix) =>
      prefix !== "/" &&
      prefix !== homedir() &&
      prefix !== "/usr" &&
      !prefix.startsWith("/usr/") &&
      existsSync(join(prefix, "bin", "python3")),
  );
}
