// Copies what the compiler leaves behind: every file of src that is not TypeScript, to the same place in dist.
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";

for (const entry of readdirSync("src", { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.name.endsWith(".ts")) continue;
  const from = join(entry.parentPath, entry.name);
  const to = join("dist", relative("src", from));
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
