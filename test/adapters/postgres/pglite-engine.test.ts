import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPglite } from "../../../src/adapters/postgres/pglite-engine.ts";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "copatcher-pgdata-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test("names the version that wrote data it cannot open", async () => {
  await writeFile(join(directory, "PG_VERSION"), "17\n");

  await expect(openPglite(directory)).rejects.toMatchObject({
    code: "store-unavailable",
    message:
      `${directory} was written by PostgreSQL 17, this version needs 18. ` +
      "Start the Copatcher version that wrote it, or choose an empty data directory.",
  });
});

test("names a directory whose data is damaged", async () => {
  await writeFile(join(directory, "PG_VERSION"), "18\n");

  await expect(openPglite(directory)).rejects.toMatchObject({
    code: "store-unavailable",
    message: `The embedded database in ${directory} does not open.`,
  });
});
