import { setMaxListeners } from "node:events";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  createSequenceQueue,
  type Seats,
  type SeatsWanted,
} from "../../../src/adapters/openai/sequence-queue.ts";
import "../../property-seed.ts";

const patient = new AbortController().signal;
setMaxListeners(0, patient);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const wanted = (run: string, sequences = 1, priority: 0 | 1 | 2 = 1): SeatsWanted => ({
  run,
  sequences,
  priority,
});

/** A queue whose only seat is taken, the names of those let in, and a way to let in the next. */
async function crowded(limit = 1) {
  const queue = createSequenceQueue(limit);
  const first = await queue.take(wanted("first", limit), patient);
  const admitted: string[] = [];
  const held: Seats[] = [first];
  return {
    queue,
    admitted,
    async ask(name: string, want: SeatsWanted): Promise<void> {
      const seats = await queue.take(want, patient);
      admitted.push(name);
      held.push(seats);
    },
    async serveAll(): Promise<void> {
      for (let seats = held.shift(); seats !== undefined; seats = held.shift()) {
        seats.release();
        await settled();
      }
    },
  };
}

test("serves the runs in turn, whoever asked first", async () => {
  const { ask, admitted, serveAll } = await crowded();
  for (const name of ["a1", "a2", "a3", "b1", "b2", "c1"]) void ask(name, wanted(name.slice(0, 1)));

  await serveAll();

  expect(admitted).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
});

test("serves a run's judges before its candidates, and equals in order of arrival", async () => {
  const { ask, admitted, serveAll } = await crowded();
  for (const [name, priority] of [
    ["candidate 1", 2],
    ["candidate 2", 2],
    ["judge 1", 0],
    ["poc", 1],
    ["judge 2", 0],
  ] as const)
    void ask(name, wanted("a", 1, priority));

  await serveAll();

  expect(admitted).toEqual(["judge 1", "judge 2", "poc", "candidate 1", "candidate 2"]);
});

test("counts sequences, not calls: a run of large groups gets no more than one of small calls", async () => {
  const { ask, admitted, serveAll } = await crowded(12);
  for (let at = 0; at < 3; at += 1) void ask("large", wanted("a", 12));
  for (let at = 0; at < 36; at += 1) void ask("small", wanted("b"));

  await serveAll();

  const smallBefore = (count: number): number => {
    const nth = admitted.flatMap((name, at) => (name === "large" ? [at] : []))[count - 1] ?? 0;
    return admitted.slice(0, nth).filter((name) => name === "small").length;
  };
  expect(smallBefore(2) - smallBefore(1)).toBe(12);
  expect(smallBefore(3) - smallBefore(2)).toBe(12);
});

test("lets a group that is larger than the limit go alone", async () => {
  const { ask, admitted, queue, serveAll } = await crowded(4);
  void ask("group", wanted("a", 10));
  void ask("next", wanted("b"));

  await serveAll();

  expect(admitted.toSorted()).toEqual(["group", "next"]);
  expect(queue.busy()).toBe(0);
});

test("frees a seat of an oversized group only when fewer than the limit are left", async () => {
  const queue = createSequenceQueue(4);
  const group = await queue.take(wanted("a", 6), patient);

  group.release(2);
  expect(queue.hasRoom(1)).toBe(false);
  group.release(1);
  expect(queue.hasRoom(1)).toBe(true);
});

test("gives seats back once, however often and however many are released", async () => {
  const queue = createSequenceQueue(8);
  const seats = await queue.take(wanted("a", 4), patient);
  const others = await queue.take(wanted("b", 4), patient);

  seats.release(1);
  seats.release(9);
  seats.release();
  seats.release(-3);

  expect(queue.busy()).toBe(4);
  others.release();
  expect(queue.busy()).toBe(0);
});

test("forgets who leaves while waiting, and lets those behind pass", async () => {
  const queue = createSequenceQueue(4);
  const first = await queue.take(wanted("a", 3), patient);
  const leaving = new AbortController();
  const group = queue.take(wanted("a", 4), leaving.signal);
  const small = queue.take(wanted("a", 1), patient);

  leaving.abort();

  await expect(group).rejects.toMatchObject({ code: "cancelled" });
  (await small).release();
  first.release();
  expect(queue.busy()).toBe(0);
});

test("turns away who comes with an aborted signal", async () => {
  const queue = createSequenceQueue(1);

  await expect(queue.take(wanted("a"), AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
  expect(queue.busy()).toBe(0);
});

type Step =
  | { readonly kind: "take"; readonly want: SeatsWanted }
  | { readonly kind: "release" | "leave"; readonly which: number; readonly count: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("take" as const),
    want: fc.record({
      run: fc.constantFrom("a", "b", "c", "d"),
      sequences: fc.integer({ min: 1, max: 20 }),
      priority: fc.constantFrom(0 as const, 1 as const, 2 as const),
    }),
  }),
  fc.record({
    kind: fc.constantFrom("release" as const, "leave" as const),
    which: fc.nat(),
    count: fc.nat(20),
  }),
);

test("nobody starves, the limit holds, and all seats come back, whatever happens in which order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 16 }),
      fc.array(step, { maxLength: 40 }),
      async (limit, steps) => {
        const queue = createSequenceQueue(limit);
        const open: { readonly controller: AbortController; seats: Seats | null; left: boolean }[] = [];
        let under = 0;
        const checkLimit = (): void => {
          under = Math.max(under, queue.busy());
          expect(queue.busy()).toBeLessThanOrEqual(limit);
        };
        for (const one of steps) {
          if (one.kind === "take") {
            const entry = { controller: new AbortController(), seats: null as Seats | null, left: false };
            open.push(entry);
            queue.take(one.want, entry.controller.signal).then(
              (seats) => (entry.seats = seats),
              () => (entry.left = true),
            );
          } else {
            const entry = open[one.which % Math.max(1, open.length)];
            if (one.kind === "release") entry?.seats?.release(one.count);
            else entry?.controller.abort();
          }
          await Promise.resolve();
          checkLimit();
        }

        for (let rounds = 0; rounds <= open.length; rounds += 1) {
          for (const { seats } of open) seats?.release();
          await Promise.resolve();
          checkLimit();
        }

        expect(open.filter(({ seats, left }) => seats === null && !left)).toEqual([]);
        expect(queue.busy()).toBe(0);
        expect(queue.hasRoom(limit)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
