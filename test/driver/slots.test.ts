import { describe, expect, test } from "vitest";
import { createSlots } from "../../src/driver/slots.ts";

const never = new AbortController().signal;

test("gives jobs that run at the same time different numbers", async () => {
  const slots = createSlots(2).line();
  const job = (slot: number) => new Promise<number>((resolve) => setTimeout(() => resolve(slot), 10));

  const used = await Promise.all([slots.use(never, job), slots.use(never, job)]);

  expect(used.sort()).toEqual([0, 1]);
});

test("takes a number back when a job fails", async () => {
  const slots = createSlots(1).line();

  await expect(slots.use(never, () => Promise.reject(new Error("no")))).rejects.toThrow("no");

  expect(await slots.use(never, (slot) => Promise.resolve(slot))).toBe(0);
});

test("lets a waiting job go as soon as it is cancelled", async () => {
  const slots = createSlots(1).line();
  const controller = new AbortController();
  let end: () => void = () => undefined;
  const first = slots.use(never, () => new Promise<void>((resolve) => (end = resolve)));
  const second = slots.use(controller.signal, () => Promise.resolve("ran"));

  controller.abort();

  await expect(second).rejects.toMatchObject({ code: "cancelled" });
  end();
  await first;
});

test("serves waiting sessions in turn and each one's jobs in their order", async () => {
  const slots = createSlots(1);
  const [first, second, third] = [slots.line(), slots.line(), slots.line()];
  const order: string[] = [];
  const job = (name: string) => async () => void order.push(name);

  await Promise.all([
    ...["a1", "a2", "a3"].map((name) => first.use(never, job(name))),
    ...["b1", "b2"].map((name) => second.use(never, job(name))),
    third.use(never, job("c1")),
  ]);

  expect(order).toEqual(["a1", "a2", "b1", "c1", "a3", "b2"]);
});

test("serves a session's job with the greatest turn at that moment, and those without one before it", async () => {
  const slots = createSlots(1).line();
  const order: string[] = [];
  const turns = { a: 1, b: 2, c: 3 };
  let end: () => void = () => undefined;
  const busy = slots.use(never, () => new Promise<void>((resolve) => (end = resolve)));
  const jobs = (["a", "b", "c"] as const).map((name) =>
    slots.use(never, async () => void order.push(name), { turn: () => turns[name] }),
  );
  const plain = slots.use(never, async () => void order.push("plain"));

  await new Promise(setImmediate);
  turns.a = 9;
  end();
  await Promise.all([busy, plain, ...jobs]);

  expect(order).toEqual(["plain", "a", "c", "b"]);
});

test("gives the turn of a session whose only job was cancelled to the next one", async () => {
  const slots = createSlots(1);
  const controller = new AbortController();
  let end: () => void = () => undefined;
  const busy = slots.line().use(never, () => new Promise<void>((resolve) => (end = resolve)));
  const gone = slots.line().use(controller.signal, () => Promise.resolve("ran"));
  const next = slots.line().use(never, () => Promise.resolve("ran"));

  controller.abort();
  await expect(gone).rejects.toMatchObject({ code: "cancelled" });
  end();

  expect(await next).toBe("ran");
  await busy;
});

test("lets in whoever has the greatest turn, the first of equals", async () => {
  const line = createSlots(1).line();
  const order: string[] = [];
  const enter = (name: string, turn: number) =>
    line.use(never, async () => void order.push(name), { turn: () => turn });

  await Promise.all([enter("first", 0), enter("low", 1), enter("high", 2), enter("also high", 2)]);

  expect(order).toEqual(["first", "high", "also high", "low"]);
});

describe("spare work", () => {
  /** Work that ends when it is told to, or when its place is taken from it. */
  const job = (name: string, log: string[]) => {
    let end: () => void = () => undefined;
    const work = (_slot: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        log.push(name);
        end = resolve;
        signal.addEventListener("abort", () => reject(new Error("ended")));
      });
    return { work, end: () => end() };
  };
  const after = () => new Promise(setImmediate);
  const spareUntil = new AbortController().signal;

  test("is ended for needed work of a greater turn, and begun again", async () => {
    const line = createSlots(1).line();
    const log: string[] = [];
    const [spare, needed] = [job("spare", log), job("needed", log)];
    const early = line.use(never, spare.work, { turn: () => 1, spareUntil });
    await after();
    const late = line.use(never, needed.work, { turn: () => 2 });
    await after();
    expect(log).toEqual(["spare", "needed"]);

    needed.end();
    await late;
    await after();
    expect(log).toEqual(["spare", "needed", "spare"]);
    spare.end();
    await early;
  });

  test("gives up its place also when it has not begun yet", async () => {
    const line = createSlots(1).line();
    const log: string[] = [];
    const [spare, needed] = [job("spare", log), job("needed", log)];
    const both = [line.use(never, spare.work, { turn: () => 1, spareUntil }), line.use(never, needed.work)];
    await after();
    expect(log).toEqual(["needed"]);

    needed.end();
    await after();
    spare.end();
    await Promise.all(both);
    expect(log).toEqual(["needed", "spare"]);
  });

  test("is not ended for work of a smaller turn of its own session, but for any of another", async () => {
    const slots = createSlots(1);
    const line = slots.line();
    const log: string[] = [];
    const [spare, low, other] = [job("spare", log), job("low", log), job("other", log)];
    const early = line.use(never, spare.work, { turn: () => 2, spareUntil });
    const late = line.use(never, low.work, { turn: () => 1 });
    await after();
    expect(log).toEqual(["spare"]);

    const strange = slots.line().use(never, other.work, { turn: () => 0 });
    await after();
    low.end();
    await late;
    await after();
    other.end();
    await strange;
    await after();
    expect(log).toEqual(["spare", "low", "other", "spare"]);
    spare.end();
    await early;
  });

  test("that somebody needs meanwhile keeps its place, and takes one if it waits", async () => {
    const line = createSlots(1).line();
    const log: string[] = [];
    const [spare, wanted, late] = [job("spare", log), job("wanted", log), job("late", log)];
    const need = new AbortController();
    const ends = [
      line.use(never, spare.work, { turn: () => 1, spareUntil }),
      line.use(never, wanted.work, { turn: () => 2, spareUntil: need.signal }),
    ];
    await after();
    expect(log).toEqual(["spare"]);

    need.abort();
    await after();
    ends.push(line.use(never, late.work, { turn: () => 3 }));
    await after();
    expect(log).toEqual(["spare", "wanted"]);
    for (const one of [wanted, late, spare]) {
      one.end();
      await after();
    }
    await Promise.all(ends);
    expect(log).toEqual(["spare", "wanted", "late", "spare"]);
  });

  test("that is called off while its place is taken from it does not begin again", async () => {
    const line = createSlots(1).line();
    const log: string[] = [];
    const [spare, needed] = [job("spare", log), job("needed", log)];
    const calledOff = new AbortController();
    const early = line.use(calledOff.signal, spare.work, { turn: () => 1, spareUntil });
    await after();
    const late = line.use(never, needed.work);
    calledOff.abort();

    await expect(early).rejects.toThrow("ended");
    await after();
    needed.end();
    await late;
    expect(log).toEqual(["spare", "needed"]);
  });
});
