import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createEnvironmentFolders } from "../../../src/adapters/bubblewrap/environment-folder.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";

test("a copy that cannot be finished leaves nothing", async () => {
  const directory = await mkdtemp(join(tmpdir(), "copatcher-folder-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const folders = createEnvironmentFolders(directory, "this", false, createSilentLogger());

  // a folder of the kernel's, in which some files cannot be copied by anybody
  await expect(folders.begin("layer", "/proc/self/attr")).rejects.toThrow("cp");

  expect(readdirSync(join(directory, "environments"))).toEqual([]);
});
