import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Names the installation that owns a data directory, for telling its leftovers from another's. Drawn by chance once and
 * kept there: the directory's own path is the same in every container. Where nothing can be kept, each call draws anew.
 */
export function installationId(dataDirectory: string): string {
  const file = join(dataDirectory, "installation");
  const kept = read(file);
  if (kept !== null) return kept;
  const id = randomUUID();
  try {
    mkdirSync(dataDirectory, { recursive: true });
    writeFileSync(`${file}.${id}`, `${id}\n`);
    renameSync(`${file}.${id}`, file);
  } catch {
    return id;
  }
  // another process may have been faster or slower by a moment
  return read(file) ?? id;
}

function read(file: string): string | null {
  try {
    return /^[0-9a-f-]{36}$/.exec(readFileSync(file, "utf8").trim())?.[0] ?? null;
  } catch {
    return null;
  }
}
