import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { installationId } from "../../../src/adapters/files/installation-id.ts";

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "copatcher-installation-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("stays the same for one data directory", async () => {
  const folder = join(await newFolder(), "data");

  expect(installationId(folder)).toBe(installationId(folder));
});

test("differs between data directories of the same name, as two containers have them", async () => {
  const [first, second] = [join(await newFolder(), "data"), join(await newFolder(), "data")];

  expect(installationId(first)).not.toBe(installationId(second));
});

test("is made anew where the kept one was cut off", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "installation"), "");

  expect(installationId(folder)).toMatch(/^[0-9a-f-]{36}$/);
  expect(installationId(folder)).toBe(installationId(folder));
});

test("is of this process alone where nothing can be kept", () => {
  expect(installationId("/dev/null/data")).toMatch(/^[0-9a-f-]{36}$/);
  expect(existsSync("/dev/null/data")).toBe(false);
});
