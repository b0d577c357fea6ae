import { expect, test } from "vitest";
import { createWarmPool, type WarmSandbox } from "../../src/driver/warm-pool.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

type Fake = WarmSandbox & { readonly id: number; discarded: boolean; die(): void };

/** A pool of numbered fakes; `started` has all of them, and starts end at once unless `gate` holds them. */
function poolOf(most: number, gate = (): Promise<void> => Promise.resolve(), leave = gate) {
  const started: Fake[] = [];
  let starts = 0;
  const start = async (signal: AbortSignal): Promise<Fake> => {
    const id = (starts += 1);
    await gate();
    signal.throwIfAborted();
    let die: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (die = resolve));
    const fake: Fake = {
      id,
      ended,
      die,
      discarded: false,
      async discard() {
        fake.discarded = true;
        await leave();
      },
    };
    started.push(fake);
    return fake;
  };
  const pool = createWarmPool({ start, most, logger: createSilentLogger() });
  const alive = () => started.filter(({ discarded }) => !discarded).map(({ id }) => id);
  return { pool, started, alive, starts: () => starts };
}

const idOf = async ({ id }: Fake) => id;

test("gives every job a sandbox of its own and starts the next while it runs", async () => {
  const { pool, alive } = poolOf(3);
  pool.begin();
  await settled();

  const seen = await pool.use(never, async ({ id }) => {
    await settled();
    return { id, alive: alive() };
  });
  await settled();

  expect(seen).toEqual({ id: 1, alive: [1, 2] });
  expect(alive()).toEqual([2]);
});

test("starts no more sandboxes for two jobs in a row than one each and one ahead", async () => {
  const { pool, starts } = poolOf(10);
  pool.begin();

  await pool.use(never, idOf);
  await pool.use(never, idOf);
  await settled();

  expect(starts()).toBe(3);
});

test("keeps as many ready as jobs ran at the same time, and never more than it may in all", async () => {
  const { pool, alive, starts } = poolOf(3);
  let most = 0;
  const job = async () => {
    await settled();
    most = Math.max(most, alive().length);
  };

  await Promise.all([pool.use(never, job), pool.use(never, job)]);
  await settled();

  expect(most).toBeLessThanOrEqual(3);
  expect(alive()).toHaveLength(2);
  expect(starts()).toBe(4);
});

test("fills up when the ones that leave have made room", async () => {
  let open: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => (open = resolve));
  const { pool, alive } = poolOf(
    3,
    () => Promise.resolve(),
    () => gone,
  );

  await Promise.all([pool.use(never, settled), pool.use(never, settled)]);
  await settled();
  expect(alive()).toHaveLength(1);
  open();
  await settled();

  expect(alive()).toHaveLength(2);
});

test("waits for one that is on its way instead of starting another", async () => {
  const { pool } = poolOf(2, settled as () => Promise<void>);
  pool.begin();

  expect(await pool.use(never, idOf)).toBe(1);
});

test("replaces a ready one that died and hands out the replacement", async () => {
  const { pool, started } = poolOf(2);
  pool.begin();
  await settled();
  started[0]?.die();
  await settled();

  expect(started[0]?.discarded).toBe(true);
  expect(await pool.use(never, idOf)).toBe(2);
});

test("does not feed for ever what kills the ready ones", async () => {
  const { pool, started, starts } = poolOf(2);
  pool.begin();

  for (let round = 0; round < 10; round += 1) {
    await settled();
    started.at(-1)?.die();
  }
  await settled();

  expect(starts()).toBe(4);
});

test("starts one for the job when the one ahead could not be started", async () => {
  let failures = 1;
  const { pool } = poolOf(2, async () => {
    if (failures-- > 0) throw new Error("no engine");
  });
  pool.begin();

  expect(await pool.use(never, idOf)).toBe(2);
});

test("keeps the one on its way for the next job when the waiting job is cancelled", async () => {
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { pool } = poolOf(2, () => gate);
  pool.begin();
  const controller = new AbortController();
  const waiting = pool.use(controller.signal, idOf);

  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
  open();
  await settled();

  expect(await pool.use(never, idOf)).toBe(1);
});

test("leaves none behind when it is closed, not even one on its way", async () => {
  const { pool, alive } = poolOf(3, settled as () => Promise<void>);
  pool.begin();
  await pool.use(never, idOf);
  pool.begin();

  await pool.close();

  expect(alive()).toEqual([]);
  await expect(pool.use(never, idOf)).rejects.toMatchObject({ code: "cancelled" });
});
