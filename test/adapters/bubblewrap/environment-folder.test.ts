import { existsSync, mkdirSync, readdirSync, utimesSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createEnvironmentFolders } from "../../../src/adapters/bubblewrap/environment-folder.ts";
import { identityOf } from "../../../src/driver/process-identity.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

const own = identityOf(process.pid);
const other = identityOf(process.ppid);
/** A process of this machine that had this one's number. */
const ended = own.replace(/-\d+-/, "-1-");
const elsewhere = own.replace(/\w{8}$/, "00000000");

async function place() {
  const directory = await mkdtemp(join(tmpdir(), "copatcher-folder-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const root = join(directory, "environments");
  mkdirSync(root);
  return {
    root,
    foldersOf: (process: string) => createEnvironmentFolders(directory, process, false, createSilentLogger()),
    make(name: string, hoursAgo = 0) {
      mkdirSync(join(root, name));
      const at = new Date(Date.now() - hoursAgo * 3_600_000);
      utimesSync(join(root, name), at, at);
      return join(root, name);
    },
  };
}

const [older, newer] = ["a".repeat(64), "b".repeat(64)];

test("a copy that cannot be finished leaves nothing", async () => {
  const { root, foldersOf } = await place();

  // a folder of the kernel's, in which some files cannot be copied by anybody
  await expect(foldersOf("this").begin("layer", "/proc/self/attr")).rejects.toThrow("cp");

  expect(readdirSync(root)).toEqual([]);
});

test.each([
  ["this process", own],
  ["another process of this machine", other],
  ["a process that cannot be looked up", elsewhere],
])("keeps the environments that %s uses, whatever was used later", async (_, user) => {
  const { foldersOf, make } = await place();
  const [used, later] = [make(older, 2), make(newer, 1)];
  const release = await foldersOf(`${user}-1`).use(used);

  await foldersOf(own).prune(1);

  expect([existsSync(used), existsSync(later)]).toEqual([true, true]);
  await release?.();
  await foldersOf(own).prune(1);
  expect([existsSync(used), existsSync(later)]).toEqual([false, true]);
});

test("does not wait for processes that have ended", async () => {
  const { root, foldersOf, make } = await place();
  await foldersOf(`${ended}-1`).use(make(older, 2));
  make(newer, 1);
  make(`${older}.${ended}-1.partial`);
  make(`${older}.${other}-1.partial`);
  make(`layer-${ended}-1-7`);
  make(`layer-${other}-1-7`);
  make(`layer-${elsewhere}-1-7`, 25);

  await foldersOf(own).prune(1);

  expect(readdirSync(root).sort()).toEqual(
    [newer, `${older}.${other}-1.partial`, `layer-${other}-1-7`].sort(),
  );
});

test("gives no folder away that no builder finished", async () => {
  const { root, foldersOf, make } = await place();
  make(`${older}.${own}-1.partial`);
  const { use } = foldersOf(own);

  expect(
    await Promise.all(["/etc", root, join(root, newer), join(root, readdirSync(root)[0] ?? "")].map(use)),
  ).toEqual([null, null, null, null]);
});

test("takes what another process finished first, and leaves it as it is", async () => {
  const { foldersOf, make, root } = await place();
  const folders = foldersOf(`${own}-1`);
  const partial = await folders.begin(newer, null);
  mkdirSync(join(make(newer), "theirs"));

  expect(await folders.finish(partial, newer)).toBe(join(root, newer));

  expect(readdirSync(join(root, newer))).toEqual(["theirs"]);
});
