import { setMaxListeners } from "node:events";
import * as fc from "fast-check";
import { Agent } from "undici";
import { afterAll, expect, test } from "vitest";
import type { Endpoint } from "../../../src/adapters/openai/endpoint.ts";
import { createReplicas, type ServerWanted, type Taken } from "../../../src/adapters/openai/replicas.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";
import { createSilentLogger } from "../../fakes/silent-logger.ts";
import { serve } from "../../simulator/http/simulator-call.ts";
import "../../property-seed.ts";

const dispatcher = new Agent();
afterAll(() => dispatcher.destroy());

const signal = new AbortController().signal;
setMaxListeners(0, signal);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Nobody listens there, so their health is never good. */
const a: Endpoint = { baseUrl: "http://127.0.0.1:59998/v1", apiKey: null, model: "m", system: null };
const b: Endpoint = { ...a, baseUrl: "http://127.0.0.1:59999/v1" };

const wanted = (more: Partial<ServerWanted> = {}): ServerWanted => ({
  run: "r",
  priority: 1,
  sequences: 1,
  continues: null,
  avoid: null,
  ...more,
});

function replicasOf(
  locGen: readonly Endpoint[],
  { concurrency = 4, patienceMs = 30_000, others = [b] } = {},
) {
  const clock = createFixedClock();
  const replicas = createReplicas(
    { "loc-gen": locGen, "val-assert": others, "val-no-assert": others },
    { clock, logger: createSilentLogger(), dispatcher, concurrency, patienceMs },
  );
  const take = (more: Partial<ServerWanted> = {}, until = signal): Promise<Taken> =>
    replicas["loc-gen"].take(wanted(more), until);
  /** Lets calls to a server fail until its breaker opens. */
  const breakDown = async (endpoint: Endpoint): Promise<void> => {
    const calls: Taken[] = [];
    for (let at = 0; at < 20; at += 1)
      calls.push(await take({ avoid: endpoint === a ? b : a, run: `x${at}` }));
    for (const call of calls) call.ended(call.endpoint === endpoint ? "refused" : "answered");
    for (const call of calls) call.seats.release();
  };
  return { replicas, clock, take, breakDown };
}

test("gives a call to the server with the fewest sequences", async () => {
  const { take } = replicasOf([a, b], { concurrency: 64 });

  const places: string[] = [];
  for (const sequences of [12, 4, 4, 12, 1]) {
    const { endpoint } = await take({ sequences });
    places.push(endpoint === a ? "a" : "b");
  }

  expect(places).toEqual(["a", "b", "b", "b", "a"]);
});

test("sends a call that continues a sample to the server that answered it, however busy", async () => {
  const { replicas, take } = replicasOf([a, b], { concurrency: 64 });
  replicas["loc-gen"].served("r", "generate/3/0", b);
  const large = await take({ sequences: 1 });
  await take({ sequences: 40 });

  expect(large.endpoint).toBe(a);
  expect((await take({ continues: "generate/3/0" })).endpoint).toBe(b);
  expect((await take({ continues: "generate/4/0" })).endpoint).toBe(a);
  expect((await take({ run: "other", continues: "generate/3/0" })).endpoint).toBe(a);
});

test("does not go where it has just failed, if there is another server", async () => {
  const { take } = replicasOf([a, b]);

  expect((await take({ avoid: a })).endpoint).toBe(b);
  expect((await replicasOf([a]).take({ avoid: a })).endpoint).toBe(a);
});

test("keeps away from a server that failed three times in a row, also with what continues there", async () => {
  const { replicas, take, breakDown } = replicasOf([a, b], { concurrency: 64 });
  replicas["loc-gen"].served("r", "generate/0/0", a);
  await breakDown(a);

  for (let at = 0; at < 5; at += 1) expect((await take()).endpoint).toBe(b);
  expect((await take({ continues: "generate/0/0" })).endpoint).toBe(b);
});

test("roles on the same server share its seats", async () => {
  const { replicas, take } = replicasOf([a], { concurrency: 2, others: [a] });
  const first = await take({ sequences: 2 });
  let isServed = false;
  const second = replicas["val-assert"].take(wanted(), signal).then(() => (isServed = true));

  await settled();
  expect(isServed).toBe(false);
  first.seats.release();

  await expect(second).resolves.toBe(true);
});

test("takes the first seat that any server has free", async () => {
  const { take } = replicasOf([a, b], { concurrency: 1 });
  const onA = await take();
  const onB = await take();
  const waiting = take();
  await settled();

  onB.seats.release();

  expect((await waiting).endpoint).toBe(b);
  onA.seats.release();
  expect((await take()).endpoint).toBe(a);
});

test("calls that wait at a server that breaks go to the other one", async () => {
  const { take } = replicasOf([a, b], { concurrency: 3 });
  const calls = await Promise.all(Array.from({ length: 6 }, () => take()));
  const waiting = [take(), take(), take()];
  await settled();

  for (const call of calls.filter(({ endpoint }) => endpoint === a)) {
    call.seats.release();
    call.ended("refused");
  }
  for (const call of calls.filter(({ endpoint }) => endpoint === b)) {
    call.seats.release();
    call.ended("answered");
  }

  const places = (await Promise.all(waiting)).map(({ endpoint }) => endpoint);
  expect(places.slice(-1)).toEqual([b]);
  expect(places.filter((endpoint) => endpoint === a).length).toBeLessThanOrEqual(2);
});

test("gives up when no server is there for as long as its patience lasts", async () => {
  const { take, breakDown, clock } = replicasOf([a], { patienceMs: 9_000, concurrency: 64 });
  await breakDown(a);
  const before = clock.now();

  await expect(take()).rejects.toMatchObject({
    code: "inference-unreachable",
    message: expect.stringContaining("http://127.0.0.1:59998/v1 (model m)"),
  });

  expect(clock.now() - before).toBe(9_000);
});

test("lets one call try a server that is healthy again, then all", async () => {
  const { simulator } = await serve();
  const there: Endpoint = { ...a, baseUrl: `${simulator.url}/v1` };
  const { take } = replicasOf([there], { patienceMs: 1e12, concurrency: 64 });
  for (let at = 0; at < 3; at += 1) {
    const call = await take();
    call.seats.release();
    call.ended("broken");
  }
  const trial = await take();
  const others = [take(), take()];

  trial.ended("answered");

  expect((await Promise.all(others)).map(({ endpoint }) => endpoint)).toEqual([there, there]);
});

test("whoever waits can leave, and takes no seat along", async () => {
  const { take } = replicasOf([a], { concurrency: 1 });
  const first = await take();
  const leaving = new AbortController();
  const waiting = take({}, leaving.signal);
  await settled();

  leaving.abort();

  await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
  first.seats.release();
  expect((await take()).endpoint).toBe(a);
});

test("counts a server that is named twice once", async () => {
  const { take } = replicasOf([a, { ...a }], { concurrency: 1 });
  await take();
  let isServed = false;
  void take().then(() => (isServed = true));

  await settled();

  expect(isServed).toBe(false);
});

test("whatever happens, everybody gets one server, nobody is lost, and all seats come back", async () => {
  const step = fc.record({
    what: fc.constantFrom("take", "take", "answered", "refused", "broken", "leave"),
    which: fc.nat(30),
    sequences: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { take } = replicasOf([a, b], { concurrency: 4, patienceMs: 1e15 });
      const first = [await take({ avoid: b }), await take({ avoid: a })];
      const calls: { leaving: AbortController; taken: Taken | null; ends: number }[] = [];
      const end = (
        call: (typeof calls)[number] | undefined,
        how: "answered" | "refused" | "broken",
      ): void => {
        call?.taken?.ended(how);
        call?.taken?.seats.release();
      };
      for (const { what, which, sequences } of steps) {
        const call = calls[which % Math.max(1, calls.length)];
        if (what === "take") {
          const entry: (typeof calls)[number] = { leaving: new AbortController(), taken: null, ends: 0 };
          calls.push(entry);
          take({ sequences }, entry.leaving.signal)
            .then((taken) => (entry.taken = taken))
            .catch(() => undefined)
            .finally(() => (entry.ends += 1));
        } else if (what === "leave") call?.leaving.abort();
        else if (what === "answered" || what === "refused" || what === "broken") end(call, what);
        await settled();
      }

      for (const call of first) {
        call.ended("answered");
        call.seats.release();
      }
      for (let round = 0; round <= calls.length; round += 1) {
        for (const call of calls) end(call, "answered");
        await settled();
      }

      expect(calls.map(({ ends }) => ends)).toEqual(calls.map(() => 1));
      expect((await Promise.all([take({ sequences: 4 }), take({ sequences: 4 })])).length).toBe(2);
    }),
    { numRuns: 100 },
  );
});

test("a role without a server is a mistake of the configuration", () => {
  expect(() => replicasOf([])).toThrow(expect.objectContaining({ code: "config-invalid" }));
});
