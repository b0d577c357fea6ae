import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { outcomeKinds } from "../../domain/calibration/pull-request-outcome.ts";
import { repoSlug } from "../../domain/issue.ts";
import { RecordEvent, schemaVersion } from "../../domain/record/event.ts";
import type { RecordedEvent, RecordEntry, RecordStore } from "../../ports/run-record.ts";
import type { Database, DatabaseTransaction, Transact } from "./tables.ts";

const compress = promisify(gzip);
const expand = promisify(gunzip);

type RecordParts = { readonly db: Database; readonly transact: Transact };

/** Records in our own tables; texts are compressed before the transaction, off the event loop. */
export function createRecordStore({ db, transact }: RecordParts): RecordStore {
  return {
    async append(runId, entries) {
      const texts = new Map(
        entries.flatMap((entry) => entry.texts.map(({ sha256, text }) => [sha256, text])),
      );
      const blobs = await Promise.all(
        // in one order everywhere: two workers that store the same texts must not wait for each other
        [...texts]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(async ([hash, text]) => ({
            hash,
            content: await compress(text),
          })),
      );
      if (entries.length > 0) await transact((transaction) => store(transaction, runId, entries, blobs));
    },

    async events(runId) {
      const rows = await db
        .selectFrom("record_event")
        .selectAll()
        .where("run_id", "=", runId)
        .orderBy("sequence")
        .execute();
      return rows.map((row): RecordedEvent => ({
        id: row.id,
        time: row.happened_at.getTime(),
        schemaVersion: row.schema_version,
        event: RecordEvent.parse(JSON.parse(row.event)),
      }));
    },

    async text(sha256) {
      const row = await db
        .selectFrom("record_blob")
        .select("content")
        .where("hash", "=", sha256)
        .executeTakeFirst();
      return row === undefined ? null : (await expand(row.content)).toString("utf8");
    },

    async runOfPullRequest(repo, number) {
      const row = await db
        .selectFrom("run")
        .select("id")
        .where("repository", "=", repoSlug(repo).toLowerCase())
        .where("pull_request", "=", number)
        .orderBy("sequence", "desc")
        .executeTakeFirst();
      return row?.id ?? null;
    },

    async pullRequests(repo, limit) {
      const repository = repoSlug(repo).toLowerCase();
      const newest = db
        .selectFrom("run")
        .select("pull_request")
        .distinct()
        .where("repository", "=", repository)
        .where("pull_request", "is not", null)
        .orderBy("pull_request", "desc")
        .limit(limit);
      const rows = await db
        .selectFrom("record_event")
        .innerJoin("run", "run.id", "record_event.run_id")
        .select(["run.pull_request as number", "record_event.event"])
        .where("run.repository", "=", repository)
        .where("run.pull_request", "in", newest)
        .where("record_event.kind", "in", outcomeKinds)
        .orderBy("run.pull_request", "desc")
        .orderBy("record_event.sequence")
        .execute();
      const found = new Map<number, RecordEvent[]>();
      for (const { number, event } of rows) {
        const read = RecordEvent.safeParse(JSON.parse(event));
        if (number === null || !read.success) continue;
        const told = found.get(number) ?? [];
        told.push(read.data);
        found.set(number, told);
      }
      return [...found].map(([number, events]) => ({ number, events }));
    },
  };
}

async function store(
  transaction: DatabaseTransaction,
  runId: string,
  entries: readonly RecordEntry[],
  blobs: ReadonlyArray<{ readonly hash: string; readonly content: Uint8Array }>,
): Promise<void> {
  for (const blob of blobs) {
    await transaction
      .insertInto("record_blob")
      .values(blob)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  const events = entries.map(({ id, time, event }) => ({
    id,
    run_id: runId,
    schema_version: schemaVersion,
    kind: event.kind,
    happened_at: new Date(time),
    event: JSON.stringify(event),
  }));
  await transaction
    .insertInto("record_event")
    .values(events)
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  const links = entries.flatMap(({ id, blobs: hashes }) => hashes.map((hash) => ({ event_id: id, hash })));
  if (links.length === 0) return;
  await transaction
    .insertInto("record_link")
    .values(links)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
