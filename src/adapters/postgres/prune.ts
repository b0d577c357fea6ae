import { sql } from "kysely";
import { asRepairError, RepairError } from "../../domain/errors.ts";
import type { Clock } from "../../ports/clock.ts";
import type { DataCounts, Retention } from "../../ports/kept-data.ts";
import { forgetIssueTexts } from "./issue-texts.ts";
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

/**
 * Removes what is older than its retention, one kind after the other; running it twice does nothing more. A kind that
 * fails keeps none of the others from it; at the end one RepairError says them all.
 */
export async function prune(parts: StoredDataParts, retention: Retention): Promise<DataCounts> {
  const before = (days: number): Date => new Date(parts.clock.now() - days * dayMs);
  const { deliveries, steps, records } = retention;
  const done: DataCounts[] = [];
  const failures: RepairError[] = [];
  const attempt = async (kind: string, work: () => Promise<DataCounts>): Promise<void> => {
    try {
      done.push(await work());
    } catch (error) {
      const { code, message } = asRepairError(error);
      failures.push(new RepairError(code, `${kind}: ${message}`, { cause: error }));
    }
  };
  if (deliveries !== null) await attempt("deliveries", () => pruneDeliveries(parts, before, deliveries));
  if (steps !== null) await attempt("steps", () => pruneSteps(parts, before(steps)));
  if (records !== null) {
    await attempt("records", () => pruneRecords(parts, before(records)));
    await attempt("texts of issues", () => forgetIssueTexts(parts.db, before(records)));
  }
  await attempt("duties", () => forgetOldDuties(parts));
  await attempt("blobs", async () => ({ blobs: await removeUnreferencedBlobs(parts) }));
  await reclaimSpace(parts.db);
  const [first] = failures;
  const counts = done.reduce<DataCounts>((all, one) => ({ ...all, ...one }), {});
  if (first === undefined) return counts;
  const said = failures.map(({ message }) => message).join(" ");
  throw new RepairError(first.code, `Not all old data was removed. ${said}`, {
    cause: first,
    data: { removed: counts },
  });
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
async function forgetOldDuties({ db }: StoredDataParts): Promise<DataCounts> {
  await db
    .deleteFrom("duty")
    .where("taken_until", "<", sql<Date>`clock_timestamp() - interval '1 day'`)
    .execute();
  return {};
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
  return { events };
}
