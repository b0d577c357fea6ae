import * as fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { createPulse, type Pulse, type SentRequest } from "../../../src/adapters/openai/pulse.ts";
import type { ServerWork } from "../../../src/adapters/openai/server-work.ts";
import { createSilenceLimit } from "../../../src/adapters/openai/silence-limit.ts";
import { createFixedClock, type FixedClock } from "../../fakes/fixed-clock.ts";

const minute = 60_000;
const most = 15 * minute;

type Watched = {
  readonly clock: FixedClock;
  readonly pulse: Pulse;
  looks(): number;
  /** Sends a request at once; when it was given up, in milliseconds from the start, null while it is not. */
  ask(): () => number | null;
  /** Ends all requests, or the clock would run on. */
  end(): void;
};

/** A server whose first tokens took so long (`waits`), and that says of itself what `work` says. */
function watched(work: (now: number) => ServerWork, waits: readonly number[] = [500]): Watched {
  const clock = createFixedClock(0);
  const limit = createSilenceLimit(minute, most);
  for (const wait of waits) limit.note(wait);
  let looks = 0;
  const look = async (): Promise<ServerWork> => {
    looks += 1;
    return work(clock.now());
  };
  const pulse = createPulse({ clock, limit, mostMs: most, leastMs: minute, look });
  const requests: SentRequest[] = [];
  const ask = (): (() => number | null) => {
    let at: number | null = null;
    requests.push(pulse.sent(() => (at = clock.now())));
    return () => at;
  };
  const end = (): void => requests.forEach((request) => request.end());
  onTestFinished(end);
  return { clock, pulse, looks: () => looks, ask, end };
}

const silent = (): ServerWork => ({ kind: "silent" });

test("a server that answered quickly and is silent is given up after a minute, not after fifteen", async () => {
  const { clock, ask } = watched(silent);
  const givenUp = ask();

  await clock.sleep(minute - 1);
  expect(givenUp()).toBeNull();
  await clock.sleep(2);

  expect(givenUp()).toBe(minute);
});

test.each([
  ["says that it works on nothing", (): ServerWork => ({ kind: "idle" }), minute],
  [
    "shows counters that stand still for the limit",
    (): ServerWork => ({ kind: "busy", progress: "7" }),
    2 * minute,
  ],
])("a silent server that %s is given up", async (_what, work, after) => {
  const { clock, ask } = watched(work);
  const givenUp = ask();

  await clock.sleep(5 * minute);

  expect(givenUp()).toBe(after);
});

test.each([
  ["computes for others", (now: number): ServerWork => ({ kind: "busy", progress: String(now) })],
  ["is busy and counts no steps", (): ServerWork => ({ kind: "busy", progress: null })],
  ["is there and does not tell", (): ServerWork => ({ kind: "untold" })],
])("a silent server that %s has all of the time", async (_what, work) => {
  const { clock, looks, ask } = watched(work);
  const givenUp = ask();

  await clock.sleep(2 * most);

  expect(givenUp()).toBeNull();
  expect(looks()).toBeGreaterThan(10);
});

test("a request waits as long as others of its server get tokens, and nobody looks", async () => {
  const { clock, pulse, looks, ask } = watched(silent);
  const sibling = pulse.sent(() => undefined);
  const givenUp = ask();

  for (let token = 0; token < 60; token += 1) {
    await clock.sleep(30_000);
    sibling.tokens();
  }
  expect([givenUp(), looks()]).toEqual([null, 0]);

  // Its longest wait is half a minute now.
  await clock.sleep(5 * minute);
  expect(givenUp()).toBe(32 * minute);
});

test("tokens that come while somebody looks say more than the look", async () => {
  const late: { pulse: Pulse | null } = { pulse: null };
  const { clock, pulse, ask } = watched((now) => {
    if (now === minute) late.pulse?.sent(() => undefined).tokens();
    return { kind: "silent" };
  });
  late.pulse = pulse;
  const givenUp = ask();

  await clock.sleep(5 * minute);

  expect(givenUp()).toBe(2 * minute);
});

test("nothing is known of a server without a first token, so nobody looks", async () => {
  const { clock, looks, ask } = watched(silent, []);
  const givenUp = ask();

  await clock.sleep(2 * most);

  expect([givenUp(), looks()]).toEqual([null, 0]);
});

test("a request that was sent before anything was known is given up by what others teach", async () => {
  const { clock, pulse, ask } = watched(silent, []);
  const other = pulse.sent(() => undefined);
  const givenUp = ask();
  await clock.sleep(1_000);
  other.tokens();

  await clock.sleep(5 * minute);

  expect(givenUp()).toBe(minute + 1_000);
});

test("a request that is over is given up by nobody", async () => {
  const { clock, pulse, looks } = watched(silent);
  pulse.sent(() => expect.unreachable()).end();
  await clock.sleep(5 * minute);

  expect(looks()).toBe(0);
});

const wait = fc.integer({ min: 0, max: 2 * most });

test("the limit lies between its bounds, and a longer wait raises it at once", () => {
  fc.assert(
    fc.property(fc.array(wait, { maxLength: 200 }), wait, (waits, longer) => {
      const limit = createSilenceLimit(minute, most);
      for (const one of waits) limit.note(one);
      limit.note(longer);
      const after = limit.milliseconds();

      expect(after).toBeGreaterThanOrEqual(Math.max(minute, Math.min(most, 4 * longer)));
      expect(after).toBeLessThanOrEqual(most);
    }),
  );
});

test("whatever the waits were, a server that ends its answers is given up after exactly its limit", async () => {
  const waits = fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 64 });
  await fc.assert(
    fc.asyncProperty(waits, async (known) => {
      const { clock, ask, end } = watched(silent, known);
      const givenUp = ask();
      await clock.sleep(most);
      end();

      const limit = Math.max(minute, 4 * Math.max(...known));
      expect(givenUp()).toBe(limit < most ? limit : null);
    }),
    { numRuns: 50 },
  );
});

test("no queue, however long and whosever, makes a server that works a hung one", async () => {
  const gap = fc.integer({ min: 1, max: 10 * minute });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(gap, fc.boolean()), { maxLength: 30 }), async (served) => {
      // Tokens of ours at these times, and of others all the time.
      const { clock, pulse, ask, end } = watched((now) => ({ kind: "busy", progress: `${now}` }));
      const givenUp = ask();
      for (const [milliseconds, isOurs] of served) {
        await clock.sleep(milliseconds);
        if (isOurs) pulse.sent(() => undefined).tokens();
      }
      await clock.sleep(minute);
      end();

      expect(givenUp()).toBeNull();
    }),
    { numRuns: 50 },
  );
});
