import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/${name}.ts`, import.meta.url));
const namespace = ["--user", "--map-root-user", "--mount"];
const required = process.env["COPATCHER_REQUIRE_ALL"] === "1";
const unusable =
  spawnSync("unshare", [...namespace, "mount", "-t", "tmpfs", "none", "/mnt"]).status !== 0 && !required;

/** What shell `commands` print, run with a disk of 200 MB that only they see, as `$1`, and the fixture `program` as `$2`. */
function onItsOwnDisk(directory: string, program: string, commands: string): string {
  const script = `set -e; mount -t tmpfs -o size=200m none "$1"; ${commands}`;
  const { stdout, stderr, status } = spawnSync(
    "unshare",
    [...namespace, "sh", "-c", script, "sh", directory, fixture(program)],
    { encoding: "utf8", timeout: 120_000 },
  );
  if (status !== 0) throw new Error(`the commands ended with ${status}: ${stderr}`);
  return stdout;
}

describe.skipIf(unusable)("the embedded store on a disk of its own (needs user namespaces)", () => {
  let directory = "";
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "copatcher-disk-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test("refuses what it has no space for, still answers, and goes on when there is space again", () => {
    const fill = 'node --import tsx "$2" "$1" 40';
    const said: unknown = JSON.parse(onItsOwnDisk(directory, "full-disk-process", fill));

    const tooFull = {
      code: "store-unavailable",
      message:
        `The embedded database in ${directory}/store has only 40 MB of disk space left and needs 64 to write. ` +
        `Free space on the disk of ${directory}/store; nothing that was acknowledged is lost, and nothing has to be restarted.`,
    };
    expect(said).toEqual({
      before: "stored",
      full: tooFull,
      readable: 1,
      freed: "stored",
      opened: tooFull,
      missing: 1,
    });
  }, 150_000);

  test("does not open where nothing can be written, and says why", () => {
    const open = 'mkdir "$1/store"; mount -o remount,ro "$1"; node --import tsx "$2" "$1/store"';

    expect(onItsOwnDisk(directory, "open-store-process", open)).toMatch(
      /^store-unavailable: The directory \S+\/store cannot be written: EROFS: read-only file system/,
    );
  }, 60_000);
});
