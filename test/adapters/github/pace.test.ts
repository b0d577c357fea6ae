import { expect, test } from "vitest";
import { createPace, createWritePaces } from "../../../src/adapters/github/pace.ts";
import { createFixedClock } from "../../fakes/fixed-clock.ts";

const comment = { method: "POST", path: "/repos/acme/rates/issues/1/comments" };
const edit = { method: "PATCH", path: "/repos/acme/rates/issues/comments/1" };
const commit = { method: "POST", path: "/repos/acme/rates/git/commits" };
const nothing = () => Promise.resolve();

test("lets as many pass at once as the span takes, and the next when the first is a span ago", async () => {
  const clock = createFixedClock(0);
  const pace = createPace(clock, { most: 3, milliseconds: 60_000 });
  const passed: number[] = [];

  await Promise.all([1, 2, 3, 4, 5].map(() => pace(null).then(() => passed.push(clock.now()))));

  expect(passed).toEqual([0, 0, 0, 60_000, 60_000]);
});

test("lets the few changes of a pull request pass at once, and keeps an installation below eighty a minute", async () => {
  const clock = createFixedClock(0);
  const paceOf = createWritePaces(clock);
  const passed: number[] = [];
  const change = () => paceOf(1)(commit, null, async () => passed.push(clock.now()));

  await Promise.all(Array.from({ length: 100 }, change));

  expect(passed.filter((time) => time === 0)).toHaveLength(20);
  expect(passed.filter((time) => time < 60_000)).toHaveLength(60);
  expect(passed.at(-1)).toBe(80_000);
  const before = clock.now();
  await paceOf(2)(comment, null, nothing);
  expect(clock.now()).toBe(before);
});

test.each([
  edit,
  { method: "POST", path: "/repos/acme/rates/issues/1/labels" },
  { method: "DELETE", path: "/repos/acme/rates/issues/1/labels/copatcher%3A%20running" },
  { method: "POST", path: "/repos/acme/rates/issues/comments/1/reactions" },
])("a pull request does not wait for what shows how far runs are: $method $path", async (shows) => {
  const clock = createFixedClock(0);
  const pace = createWritePaces(clock)(1);
  const passed: Record<"shows" | "commit", number[]> = { shows: [], commit: [] };

  await Promise.all([
    ...Array.from({ length: 15 }, () => pace(shows, null, async () => passed.shows.push(clock.now()))),
    ...Array.from({ length: 10 }, () => pace(commit, null, async () => passed.commit.push(clock.now()))),
  ]);

  expect(passed.commit).toEqual(Array.from({ length: 10 }, () => 0));
  expect(passed.shows).toEqual(Array.from({ length: 15 }, (_, index) => (index < 10 ? 0 : 20_000)));
});

test("sends one change of an installation after the other", async () => {
  const pace = createWritePaces(createFixedClock(0))(1);
  const order: string[] = [];
  const slow = (name: string) => async () => {
    order.push(`${name} begins`);
    await new Promise(setImmediate);
    order.push(`${name} ends`);
  };

  await Promise.all([pace(edit, null, slow("one")), pace(comment, null, slow("two"))]);

  expect(order).toEqual(["one begins", "one ends", "two begins", "two ends"]);
});

test("spreads what people are notified of", async () => {
  const clock = createFixedClock(0);
  const pace = createWritePaces(clock)(1);

  for (let index = 0; index < 11; index++) await pace(comment, null, nothing);

  expect(clock.now()).toBe(30_000);
});

test("puts off for later what the hour takes no more of, and edits go on", async () => {
  const clock = createFixedClock(0);
  const pace = createWritePaces(clock)(1);
  for (let index = 0; index < 400; index++) await pace(comment, null, nothing);

  await expect(pace(comment, null, nothing)).rejects.toMatchObject({
    code: "forge-unavailable",
    data: { retryAfter: expect.any(Number) },
  });

  await pace(edit, null, nothing);
  clock.advance(3_600_000);
  await pace(comment, null, nothing);
});

test("a wait ends with the run's signal", async () => {
  const clock = createFixedClock(0);
  const pace = createPace(clock, { most: 1, milliseconds: 60_000 });
  const abort = new AbortController();
  await pace(null);

  const waiting = pace(abort.signal);
  abort.abort(new Error("cancelled"));

  await expect(waiting).rejects.toThrow("cancelled");
});

test("a clock that is put back holds nothing up", async () => {
  const clock = createFixedClock(0);
  let shift = 10 * 3_600_000;
  const pace = createPace({ ...clock, now: () => clock.now() + shift }, { most: 1, milliseconds: 60_000 });
  await pace(null);
  shift = 0;

  await pace(null);

  expect(clock.now()).toBe(0);
});
