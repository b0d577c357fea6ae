import { existsSync } from "node:fs";
import { rm, stat, utimes } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { makeWayFolder, removeLeftWays } from "../../src/driver/way-folder.ts";

test("folders of sockets that a crash left are removed after a day, and those in use are not", async () => {
  const left = await makeWayFolder();
  const used = await makeWayFolder();
  onTestFinished(() => rm(used, { recursive: true, force: true }));
  const longAgo = new Date(Date.now() - 25 * 60 * 60_000);
  await utimes(left, longAgo, longAgo);

  await removeLeftWays();

  expect([existsSync(left), existsSync(used)]).toEqual([false, true]);
});

test("other users can pass through such a folder, but not see what it holds", async () => {
  const folder = await makeWayFolder();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));

  expect((await stat(folder)).mode & 0o777).toBe(0o711);
});
