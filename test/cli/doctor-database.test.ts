import { describe, expect, test } from "vitest";
import { checkDatabase } from "../../src/cli/doctor.ts";
import { readConfig } from "../../src/config.ts";
import { createDatabase, noServer, onServer, urlWith } from "../fixtures/databases/postgres-server.ts";

test("finds nothing to check where no DATABASE_URL is set", async () => {
  expect(await checkDatabase(readConfig({}, "cli"))).toMatchObject({ name: "database", ok: true });
});

describe.skipIf(noServer)(`doctor ${onServer}`, () => {
  test("says what version and schema it found", async () => {
    const database = await createDatabase();

    const check = await checkDatabase(readConfig({ DATABASE_URL: database.url }, "cli"));

    expect(check).toMatchObject({ ok: true, detail: expect.stringMatching(/PostgreSQL \d+.*, empty/) });
    await database.drop();
  });

  test("says what is wrong and what to do, without the password", async () => {
    const url = urlWith((address) => {
      address.pathname = "/nowhere";
    });

    const check = await checkDatabase(readConfig({ DATABASE_URL: url }, "cli"));

    expect(check).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/nowhere at .* does not exist/),
      fix: expect.stringMatching(/^Create it/),
    });
    expect(JSON.stringify(check)).not.toContain(new URL(url).password);
  });
});
