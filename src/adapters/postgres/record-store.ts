import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
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
