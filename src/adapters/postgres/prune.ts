import { sql } from "kysely";
import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
import type { DataCounts, Retention } from "../../ports/kept-data.ts";
import { emptied } from "./scope-deliveries.ts";
import type { Database, Transact } from "./tables.ts";
import { reclaimSpace, removeUnreferencedBlobs } from "./unreferenced-blobs.ts";

export type StoredDataParts = {
  readonly db: Database;
  readonly transact: Transact;
  readonly clock: Clock;
};

const dayMs = 24 * 60 * 60 * 1_000;

/** Days for which an id is known at least; GitHub repeats deliveries for 3 of them, by hand for longer. */
const leastIdDays = 30;

const live = ["queued", "running"];

/** Removes what is older than its retention, one kind after the other; running it twice does nothing more. */
export async function prune(parts: StoredDataParts, retention: Retention): Promise<DataCounts> {
  const before = (days: number): Date => new Date(parts.clock.now() - days * dayMs);
  const { deliveries, steps, records } = retention;
  const counts = {
    ...(deliveries === null ? {} : await pruneDeliveries(parts, before, deliveries)),
    ...(steps === null ? {} : await pruneSteps(parts, before(steps))),
    ...(records === null ? {} : await pruneRecords(parts, before(records))),
  };
  await forgetOldDuties(parts);
  const blobs = await removeUnreferencedBlobs(parts.transact);
  await reclaimSpace(parts.db);
  return { ...counts, blobs };
}

/** Rows or runs of one statement: a server gives each a limited time. */
const batch = 200;
/** Each statement looks through all deliveries, so it takes many. */
const deliveryBatch = 2_000;

/** Does `statement` until it finds nothing more; it returns how many rows it changed, 0 at the end. */
async function exhaust(statement: () => Promise<bigint>): Promise<number> {
  for (let all = 0; ;) {
    const changed = Number(await statement());
    if (changed === 0) return all;
    all += changed;
  }
}

/** Bodies first, ids when nobody will repeat them any more. */
async function pruneDeliveries(
  { db }: StoredDataParts,
  before: (days: number) => Date,
  days: number,
): Promise<DataCounts> {
  const handled = (age: Date) =>
    db
      .selectFrom("delivery")
      .select("id")
      .where("handled_at", "is not", null)
      .where("received_at", "<", age)
      .limit(deliveryBatch);
  const full = handled(before(days))
    .where("payload", "!=", emptied)
    .where("id", "not in", (eb) => eb.selectFrom("run").select("trigger_delivery").where("at", "in", live));
  const empty = handled(before(Math.max(days, leastIdDays))).where("payload", "=", emptied);
  const deliveries = await exhaust(async () => {
    const update = db.updateTable("delivery").set({ payload: emptied }).where("id", "in", full);
    return (await update.executeTakeFirst()).numUpdatedRows;
  });
  const deliveryIds = await exhaust(async () => {
    const removal = db.deleteFrom("delivery").where("id", "in", empty);
    return (await removal.executeTakeFirst()).numDeletedRows;
  });
  return { deliveries, deliveryIds };
}

/** What is there to go on quickly: steps, and files that nobody has read since. */
async function pruneSteps({ db }: StoredDataParts, before: Date): Promise<DataCounts> {
  const steps = await exhaust(async () => {
    const removal = db.deleteFrom("step").where("run_id", "in", (eb) =>
      eb
        .selectFrom("run")
        .select("id")
        .where("at", "not in", live)
        .where("changed_at", "<", before)
        .where(({ exists, selectFrom }) =>
          exists(selectFrom("step").select("name").whereRef("step.run_id", "=", "run.id")),
        )
        .limit(batch),
    );
    return (await removal.executeTakeFirst()).numDeletedRows;
  });
  const copies = await db.deleteFrom("file_copy").where("read_at", "<", before).executeTakeFirst();
  return { steps, fileCopies: Number(copies.numDeletedRows) };
}

/** Each creation on GitHub is a duty of its own. */
async function forgetOldDuties({ db }: StoredDataParts): Promise<void> {
  await db
    .deleteFrom("duty")
    .where("taken_until", "<", sql<Date>`clock_timestamp() - interval '1 day'`)
    .execute();
}

/** Events by their own age: what people did with a pull request may be much younger than its run. */
async function pruneRecords(parts: StoredDataParts, before: Date): Promise<DataCounts> {
  const events = await exhaust(async () => {
    const removal = parts.db
      .deleteFrom("record_event")
      .where("id", "in", (eb) =>
        eb
          .selectFrom("record_event")
          .innerJoin("run", "run.id", "record_event.run_id")
          .select("record_event.id")
          .where("record_event.happened_at", "<", before)
          .where("run.at", "not in", live)
          .limit(batch),
      );
    return (await removal.executeTakeFirst()).numDeletedRows;
  });
  return { events, issueTexts: await forgetIssueTexts(parts, before) };
}

const Request = z.looseObject({ issue: z.looseObject({ title: z.string() }) });

const forgotten = { title: "", body: "", author: "" };

/** Of old runs only the outline stays, for the count of attempts and of open pull requests. */
async function forgetIssueTexts({ db }: StoredDataParts, before: Date): Promise<number> {
  let count = 0;
  for (;;) {
    const rows = await db
      .selectFrom("run")
      .select(["id", "request"])
      .where("at", "not in", live)
      .where("changed_at", "<", before)
      .where(sql<string>`right(request, ${mark.length})`, "!=", mark)
      .limit(100)
      .execute();
    for (const { id, request } of rows) {
      const { issue, ...rest } = Request.parse(JSON.parse(request));
      const outline = JSON.stringify({ ...rest, issue: { ...issue, ...forgotten }, textForgotten: true });
      await db.updateTable("run").set({ request: outline }).where("id", "=", id).execute();
    }
    count += rows.length;
    if (rows.length === 0) return count;
  }
}

/** How such a request ends. */
const mark = `"textForgotten":true}`;
