import { chmod, lstat, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "copatcher-way-";
/** Longer than any set-up takes, in milliseconds. */
const abandonedAfter = 24 * 60 * 60_000;

/** A folder for the socket of one set-up: other users can pass through it, but not see what it holds. */
export async function makeWayFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o711);
  return folder;
}

/** Removes those that a crash left. A bot in a container cannot tell by process ids, so their age decides. Never throws. */
export async function removeLeftWays(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(prefix))) {
    const path = join(tmpdir(), name);
    const found = await lstat(path).catch(() => null);
    // whoever else owns a folder there could swap what is in it under our hands
    if (found === null || found.uid !== process.getuid?.()) continue;
    if (Date.now() - found.mtimeMs < abandonedAfter) continue;
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
