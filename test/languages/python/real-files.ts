import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Some of the modules that this machine's Python came with: code that nobody wrote for a test. */
export function standardModules(): readonly string[] {
  const ask = "import sysconfig; print(sysconfig.get_path('stdlib'))";
  const folder = execFileSync("python3", ["-c", ask], { encoding: "utf8" }).trim();
  const names = readdirSync(folder).filter((name) => name.endsWith(".py"));
  return names
    .filter((_, place) => place % 8 === 0)
    .map((name) => readFileSync(join(folder, name)))
    .filter((bytes) => bytes.length < 40_000)
    .flatMap((bytes) => decoded(bytes));
}

function decoded(bytes: Uint8Array): readonly string[] {
  try {
    return [decoder.decode(bytes)];
  } catch {
    return [];
  }
}
