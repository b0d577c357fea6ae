import { rm } from "node:fs/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliveryPages } from "../../../src/adapters/postgres/delivery-pages.ts";
import { openEmbedded } from "../../../src/adapters/postgres/embedded-engine.ts";
import { type Engine, type Undo, unwind } from "../../../src/adapters/postgres/engine.ts";
import { scopeDeliveries } from "../../../src/adapters/postgres/scope-deliveries.ts";
import { removeUnreferencedBlobs } from "../../../src/adapters/postgres/unreferenced-blobs.ts";
import { makeEmbeddedDirectory } from "../../fixtures/databases/embedded-directory.ts";

const undo: Undo = [];
let engine: Engine;
beforeAll(async () => {
  const directory = await makeEmbeddedDirectory();
  undo.push(() => rm(directory, { recursive: true, force: true }));
  engine = await openEmbedded(directory, undo);
  // large bodies of others, many small ones, and one of our own in every hundred
  await sql`insert into delivery (id, event, payload, received_at)
    select 'a' || i, 'push', '{"repository":{"full_name":"octo/other"},"text":"' || repeat('x', 1500000) || '"}', now()
    from generate_series(1, 9) as i`.execute(engine.db);
  await sql`insert into delivery (id, event, payload, received_at)
    select 'b' || i, 'push', '{"repository":{"full_name":"octo/' || case i % 100 when 0 then 'own' else 'other' end || '"}}',
    now() from generate_series(1, 1200) as i`.execute(engine.db);
});
afterAll(() => unwind(undo));

test("bodies are looked through in pages of limited size, none is left out", async () => {
  const sizes: { readonly rows: number; readonly bytes: number }[] = [];
  for await (const { after, last } of deliveryPages(engine.db)) {
    const { rows } = await sql<{ rows: number; bytes: number }>`select count(*)::int as rows,
      sum(octet_length(payload))::int as bytes from delivery where id > ${after} and id <= ${last}`.execute(
      engine.db,
    );
    sizes.push(...rows);
  }

  expect(sizes.reduce((sum, { rows }) => sum + rows, 0)).toBe(1_209);
  expect(Math.max(...sizes.map(({ rows }) => rows))).toBe(500);
  expect(Math.max(...sizes.map(({ bytes }) => bytes))).toBeLessThanOrEqual(4 * 2 ** 20);
});

test("what is of the scope is found in all of them", async () => {
  const found: string[] = [];
  const scope = { kind: "repository", repo: { owner: "octo", name: "own" } } as const;
  for await (const { id } of scopeDeliveries(engine.db, scope, [])) found.push(id);

  expect(found).toHaveLength(12);
});

test("texts that nobody refers to are found in all pages of theirs", async () => {
  await sql`insert into record_blob select md5(i::text), '\\x00' from generate_series(1, 1200) as i`.execute(
    engine.db,
  );

  expect(await removeUnreferencedBlobs(engine)).toBe(1_200);
});
