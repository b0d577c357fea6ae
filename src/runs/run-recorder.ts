import { sha256 } from "../domain/canonical-json.ts";
import { asRepairError } from "../domain/errors.ts";
import type { BlobReference } from "../domain/record/blob-reference.ts";
import { eventId, type RecordEvent } from "../domain/record/event.ts";
import { redact } from "../domain/secrets.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { KeepText, RecordEntry, RecordStore, RunRecord } from "../ports/run-record.ts";
import { scrubbed } from "./scrubbed.ts";

export type RecorderParts = {
  readonly store: Pick<RecordStore, "append">;
  /** What no record may hold, besides whatever has the shape of a credential. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
};

/** Unwritten characters and events above which `note` waits, and, when that does not help, what is new is left out. */
const mostCharacters = 16 * 2 ** 20;
const mostEntries = 1_000;
/** How long it waits then, and how long `flush` waits, in milliseconds. */
const roomMs = 2_000;
const flushMs = 10_000;
/** Characters of one text that are stored; a test report may have more, and nothing else does. */
const longestText = 4 * 2 ** 20;
/** What one transaction stores. */
const batchEntries = 50;
const batchCharacters = 4 * 2 ** 20;

/**
 * The record of one run in this process. Everything is scrubbed when it is noted, so nothing secret waits here either.
 * `session` tells this process' part of the run from earlier ones (the claim's fence).
 */
export function createRunRecorder(parts: RecorderParts, runId: string, session: string): RunRecord {
  const { store, secrets, clock, logger } = parts;
  const pending: RecordEntry[] = [];
  const noted = new Set<string>();
  /** References of texts that were taken into an entry, by the hash of the text as it was. */
  const known = new Map<string, BlobReference>();
  let waiting = 0;
  let anew = 0;
  let complained = false;
  let overflowing = false;
  let writing: Promise<void> | null = null;

  const complain = (error: unknown, text: string): void => {
    if (complained) return;
    complained = true;
    const { code, message } = asRepairError(error);
    logger.warn({ runId, code, error: message }, text);
  };

  /** One writer at a time, in order: an entry may count on the texts of those before it. */
  const write = (): Promise<void> => {
    writing ??= drain().finally(() => {
      writing = null;
    });
    return writing;
  };

  async function drain(): Promise<void> {
    while (pending.length > 0) {
      const batch = firstOf(pending);
      try {
        await store.append(runId, batch);
      } catch (error) {
        // kept, and tried again with the next event
        complain(error, "the record of a run is not stored for now");
        return;
      }
      pending.splice(0, batch.length);
      waiting -= batch.reduce((sum, entry) => sum + charactersOf(entry), 0);
      overflowing = false;
    }
  }

  const isFull = (): boolean => waiting > mostCharacters || pending.length > mostEntries;

  /** Writes, but waits no longer than that. */
  async function writeWithin(milliseconds: number): Promise<void> {
    const done = new AbortController();
    const late = clock.sleep(milliseconds, done.signal).catch(() => undefined);
    await Promise.race([write(), late]);
    done.abort();
  }

  function take(key: string | null, describe: (keep: KeepText) => RecordEvent): void {
    const fresh = new Map<string, { reference: BlobReference; text: string | null }>();
    const keep: KeepText = (text) => {
      const raw = sha256(text);
      const earlier = fresh.get(raw)?.reference ?? known.get(raw);
      const clean = earlier === undefined ? shortened(redact(text, secrets)) : null;
      const reference = earlier ?? referenceTo(clean ?? "");
      if (!fresh.has(raw)) fresh.set(raw, { reference, text: clean });
      return reference;
    };
    const event = scrubbed(describe(keep), secrets);
    const id = eventId(runId, event.kind, key ?? `${session}/${(anew += 1)}`);
    if (noted.has(id)) return;
    if (overflowing) {
      complain(new Error("too much is waiting to be stored"), "the record of a run is not complete");
      return;
    }
    noted.add(id);
    for (const [raw, { reference }] of fresh) known.set(raw, reference);
    const kept = [...fresh.values()];
    const entry: RecordEntry = {
      id,
      time: clock.now(),
      event,
      blobs: [...new Set(kept.map(({ reference }) => reference.sha256))],
      texts: kept.flatMap(({ reference, text }) =>
        text === null ? [] : [{ sha256: reference.sha256, text }],
      ),
    };
    pending.push(entry);
    waiting += charactersOf(entry);
  }

  return {
    async note(key, describe) {
      try {
        take(key, describe);
        void write();
        if (!isFull() || overflowing) return;
        await writeWithin(roomMs);
        overflowing = isFull();
      } catch (error) {
        complain(error, "an event of a run could not be recorded");
      }
    },
    flush: () => writeWithin(flushMs),
  };
}

/** Only what is scrubbed already may be cut: half a secret is not found. */
const shortened = (text: string): string =>
  text.length <= longestText
    ? text
    : `${text.slice(0, longestText)}\n[${text.length - longestText} more characters are not kept]\n`;

const referenceTo = (text: string): BlobReference => ({
  sha256: sha256(text),
  bytes: Buffer.byteLength(text),
});

/** Those of the event itself are few beside its texts'. */
const charactersOf = ({ texts }: RecordEntry): number =>
  texts.reduce((sum, { text }) => sum + text.length, 1_000);

function firstOf(pending: readonly RecordEntry[]): readonly RecordEntry[] {
  const batch: RecordEntry[] = [];
  let characters = 0;
  for (const entry of pending.slice(0, batchEntries)) {
    characters += charactersOf(entry);
    if (batch.length > 0 && characters > batchCharacters) break;
    batch.push(entry);
  }
  return batch;
}
