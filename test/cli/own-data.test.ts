import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { withOwnData } from "../../src/cli/own-data.ts";
import { readConfig } from "../../src/config.ts";

const folder = mkdtempSync(join(tmpdir(), "copatcher-own-data-"));
afterAll(() => rmSync(folder, { recursive: true }));

const configIn = (directory: string) => readConfig({ COPATCHER_DATA_DIR: directory }, "cli");

test("two commands at once have data directories of their own, and leave none behind", async () => {
  const config = configIn(join(folder, "data"));
  const seen = await Promise.all(
    [1, 2].map(() =>
      withOwnData(config, async (own) => {
        await new Promise(setImmediate);
        return { directory: own.dataDirectory, there: existsSync(own.dataDirectory) };
      }),
    ),
  );

  expect(seen.every(({ there }) => there)).toBe(true);
  expect(new Set(seen.map(({ directory }) => directory)).size).toBe(2);
  expect(readdirSync(config.dataDirectory)).toEqual([]);
});

test("the environments of commands are kept at one place, which is not the bot's", async () => {
  const config = configIn(join(folder, "kept"));
  const places = await Promise.all(
    [1, 2].map(() => withOwnData(config, (own) => Promise.resolve(own.setup.directory))),
  );

  expect(new Set(places)).toEqual(new Set([join(config.dataDirectory, "commands")]));
  expect(config.setup.directory).toBe(config.dataDirectory);
});

test("the directory is removed when the work fails", async () => {
  const config = configIn(join(folder, "failing"));

  await expect(withOwnData(config, () => Promise.reject(new Error("no")))).rejects.toThrow("no");

  expect(readdirSync(config.dataDirectory)).toEqual([]);
});

test("a data directory that is a file is named", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");

  await expect(withOwnData(configIn(file), () => Promise.resolve())).rejects.toMatchObject({
    code: "store-unavailable",
    message: expect.stringContaining(file),
  });
});
