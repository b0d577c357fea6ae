import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { buildBot } from "../../bench/chaos/built-bot.ts";
import { countRepeated, doubtOf, lagsOf } from "../../bench/chaos/repeated-calls.ts";
import { defenceNames, takeOut } from "../../bench/chaos/sabotage.ts";

const call = (more: object) => ({
  identity: "question",
  client: "one",
  sample: "generate/1/0",
  ended: "answered" as const,
  startedAt: 1_000,
  endedAt: 2_000,
  ...more,
});
const again = call({ startedAt: 5_000, endedAt: 6_000 });

test("counts a whole answer that was asked for again, once for each time", () => {
  const third = call({ startedAt: 7_000, endedAt: 8_000 });
  expect(countRepeated([third, call({}), again], []).repeated).toEqual([call({}), again]);
});

test("does not count another question, nor an answer that nobody heard to its end", () => {
  const calls = [call({ ended: "client-left" }), again, call({ identity: "other" })];
  expect(countRepeated(calls, [])).toEqual({ asked: 3, repeated: [], inDoubt: 0 });
});

test("is in doubt about an answer that its client was killed over, and about no other", () => {
  const calls = [call({}), again];
  const count = (client: string | null, from: number) =>
    countRepeated(calls, [{ client, from, until: from + 500 }]).inDoubt;
  expect([count("one", 2_100), count(null, 2_100), count("two", 2_100), count("one", 2_300)]).toEqual([
    1, 1, 0, 0,
  ]);
});

test("is in doubt longer where answers are seen to be stored late, but not for ever", () => {
  const lag = (milliseconds: number) =>
    doubtOf(lagsOf([call({})], [{ client: "one", sample: "generate/1/0", time: 2_000 + milliseconds }]));
  expect([lag(30), lag(700), lag(60_000)]).toEqual([250, 700, 250]);
});

test("is in doubt as long as the client was seen to take just before", () => {
  const quick = Array.from({ length: 200 }, () => ({ client: "one", storedAt: 100, ms: 20 }));
  const count = (slow: { readonly client: string; readonly storedAt: number }) =>
    countRepeated(
      [call({}), again],
      [{ client: "one", from: 2_700, until: 3_200 }],
      [...quick, { ...slow, ms: 600 }],
    ).inDoubt;
  expect([
    count({ client: "one", storedAt: 2_690 }),
    count({ client: "two", storedAt: 2_690 }),
    count({ client: "one", storedAt: -500 }),
    count({ client: "one", storedAt: 2_900 }),
  ]).toEqual([1, 0, 0, 0]);
});

test("finds every defence that it can take out in the bot as it is built", { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), "copatcher-chaos-"));
  try {
    buildBot(directory, null);
    for (const defence of defenceNames) expect(() => takeOut(defence, join(directory, "dist"))).not.toThrow();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
