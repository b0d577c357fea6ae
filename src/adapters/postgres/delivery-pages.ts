import { sql } from "kysely";
import type { Database } from "./tables.ts";

/** A statement's worth of looking through bodies: a server gives each a limited time, an embedded database stops all else. */
const most = { rows: 500, bytes: 4 * 2 ** 20 };

/** Ids in their order: those behind `after` up to `last`. */
export type DeliveryPage = { readonly after: string; readonly last: string };

/** All deliveries in pages of limited size, by what is in them, not by what is sought. */
export async function* deliveryPages(db: Database): AsyncIterable<DeliveryPage> {
  for (let after = ""; ;) {
    const rows = await db
      .selectFrom("delivery")
      // known without reading the body
      .select(["id", sql<number>`octet_length(payload)`.as("bytes")])
      .where("id", ">", after)
      .orderBy("id")
      .limit(most.rows)
      .execute();
    const last = lastWithin(rows);
    if (last === null) return;
    yield { after, last };
    after = last;
  }
}

/** The first row has its place whatever its size. */
function lastWithin(rows: readonly { readonly id: string; readonly bytes: number }[]): string | null {
  let [last, sum]: [string | null, number] = [null, 0];
  for (const { id, bytes } of rows) {
    sum += bytes;
    if (last !== null && sum > most.bytes) break;
    last = id;
  }
  return last;
}
