import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import type { RecordEvent } from "../../src/domain/record/event.ts";
import type { RecordEntry, RecordStore } from "../../src/ports/run-record.ts";
import { createRunRecorder } from "../../src/runs/run-recorder.ts";
import { createFixedClock } from "../fakes/fixed-clock.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

/** A store that keeps what it is given, and fails while `broken` says so. */
function makeRecorder(
  options: { broken?: () => Promise<void>; secrets?: readonly string[]; session?: string } = {},
) {
  const entries: RecordEntry[] = [];
  const store: Pick<RecordStore, "append"> = {
    async append(_, batch) {
      await options.broken?.();
      entries.push(...batch);
    },
  };
  const logger = createSilentLogger();
  const parts = { store, secrets: options.secrets ?? [], clock: createFixedClock(), logger };
  return { entries, logger, record: createRunRecorder(parts, "run-1", options.session ?? "1") };
}

const rejection = (detail: string): RecordEvent => ({
  kind: "rejection",
  sample: "generate/0/0",
  reason: "no-change",
  detail,
});

const patch =
  (text: string) =>
  (keep: (text: string) => { sha256: string; bytes: number }): RecordEvent => ({
    kind: "candidate",
    candidate: "c",
    samples: [],
    refines: null,
    patch: keep(text),
    paths: [],
    lines: 1,
    restored: [],
  });

test("keeps secrets and what looks like one out of events and texts, before anything is stored", async () => {
  const { record, entries } = makeRecorder({ secrets: ["hunter2-hunter2"] });

  await record.note("a", () => rejection("the key is hunter2-hunter2"));
  await record.note("b", patch("+token = 'ghp_abcdefghijklmnop' # hunter2-hunter2"));
  await record.flush();

  const stored = JSON.stringify(entries);
  expect(stored).not.toMatch(/hunter2|ghp_/);
  expect(stored.match(/\[redacted\]/g)).toHaveLength(3);
});

test("names an event by its run, kind and key, so that another process tells the same one", async () => {
  const [first, second] = [makeRecorder({ session: "1" }), makeRecorder({ session: "2" })];

  for (const { record } of [first, second]) {
    await record.note("a", () => rejection("x"));
    await record.note("a", () => rejection("x"));
    await record.flush();
  }

  expect(first.entries).toHaveLength(1);
  expect(second.entries.map(({ id }) => id)).toEqual(first.entries.map(({ id }) => id));
});

test("takes events without a key for new ones each time, in every process", async () => {
  const [first, second] = [makeRecorder({ session: "1" }), makeRecorder({ session: "2" })];

  for (const { record } of [first, second]) {
    await record.note(null, () => rejection("x"));
    await record.note(null, () => rejection("x"));
    await record.flush();
  }

  expect(new Set([...first.entries, ...second.entries].map(({ id }) => id)).size).toBe(4);
});

test("hands over a text once and refers to it ever after", async () => {
  const { record, entries } = makeRecorder();

  await record.note("a", patch("the same"));
  await record.note("b", patch("the same"));
  await record.flush();

  expect(entries.map(({ texts }) => texts.length)).toEqual([1, 0]);
  expect(entries[1]?.blobs).toEqual(entries[0]?.blobs);
});

test("keeps the beginning of a text that is as long as a test report may be, and no half of a secret", async () => {
  const { record, entries } = makeRecorder({ secrets: ["hunter2-hunter2"] });

  await record.note("a", patch(`${"x".repeat(4 * 2 ** 20 - 7)}hunter2-hunter2${"y".repeat(6 * 2 ** 20)}`));
  await record.flush();

  const [text = ""] = entries[0]?.texts.map((kept) => kept.text) ?? [];
  expect(text.length).toBeLessThan(4 * 2 ** 20 + 100);
  expect(text.slice(-100)).toMatch(/x\[redact\n\[\d+ more characters are not kept\]\n$/);
});

test("says once that the store fails, and stores everything when it is back", async () => {
  let broken = true;
  const { record, entries, logger } = makeRecorder({
    broken: () =>
      broken ? Promise.reject(new RepairError("store-unavailable", "it is read-only")) : Promise.resolve(),
  });

  for (const key of ["a", "b", "c"]) await record.note(key, () => rejection(key));
  await record.flush();
  broken = false;
  await record.note("d", () => rejection("d"));
  await record.flush();

  expect(entries.map(({ event }) => event)).toEqual(["a", "b", "c", "d"].map(rejection));
  expect(logger.lines.map(({ data }) => data["error"])).toEqual(["it is read-only"]);
});

test("goes on without a store that never answers, and holds a bounded part of what is said", async () => {
  let reached = 0;
  const { record, logger } = makeRecorder({
    broken: () => {
      reached += 1;
      return new Promise(() => {});
    },
  });
  const megabyte = (i: number): string => `${i}`.padEnd(2 ** 20, "x");

  for (let i = 0; i < 40; i += 1) await record.note(`${i}`, patch(megabyte(i)));
  await record.flush();

  expect(reached).toBe(1);
  expect(logger.lines.map(({ text }) => text)).toEqual(["the record of a run is not complete"]);
});

test("never fails the run, even when an event cannot be described", async () => {
  const { record, logger, entries } = makeRecorder();

  await record.note("a", () => {
    throw new TypeError("no such field");
  });
  await record.note("b", () => rejection("b"));
  await record.flush();

  expect(entries).toHaveLength(1);
  expect(logger.lines).toHaveLength(1);
});
