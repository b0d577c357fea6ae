import { expect, test } from "vitest";
import { exited } from "../fakes/fake-sandbox.ts";
import { judgement, once } from "../fixtures/model-answers.ts";
import { poc, verdictOf } from "../pipeline/verdict-of.ts";

const printing = (before: string) => [
  { ...poc("printing-1", "printing"), baseline: { ...exited(0, before), stderr: before } },
];

test("what differs in addresses, times and temporary paths only still shows the issue, without a judge", async () => {
  const before = "<A at 0x7f3a12bc> in /tmp/tmpab12/x.txt\n2024-05-01 10:00:00,123 wrong\nRan in 0.2s\n";
  const after = "<A at 0x55e0aa00> in /tmp/tmpzz99/y.txt\n2024-05-02 11:30:01,999 wrong\nRan in 0.3s\n";

  const { verdict, asked } = await verdictOf(printing(before), () => ({
    ...exited(0, after),
    stderr: after,
  }));

  expect(verdict.pocs).toMatchObject([{ result: "still-broken", judgedBy: "rule" }]);
  expect(asked).toEqual([]);
});

test("the judge sees as much of the output before as of that after", async () => {
  const after = "a".repeat(9_000);

  const { asked } = await verdictOf(
    printing("b".repeat(9_000)),
    () => ({ ...exited(0, after), stderr: after }),
    once(judgement("No")),
  );

  const question = asked[0]?.messages.map(({ content }) => content).join("\n") ?? "";
  const shown = [/b{20,}/g, /a{20,}/g].map((run) =>
    Array.from(question.matchAll(run), ([part]) => part.length),
  );
  expect(shown).toEqual([
    [500, 500],
    [500, 500],
  ]);
});

test("a judge that never gives a readable answer is asked twice and no more", async () => {
  const vague = once("The best choice is 1. The best choice is 2.");

  const { verdict, asked } = await verdictOf(
    printing("wrong\n"),
    () => exited(0, "right\n"),
    Array.from({ length: 9 }, () => vague).flat(),
  );

  expect(verdict.pocs).toMatchObject([{ result: "inconclusive", judgedBy: "model" }]);
  expect(asked).toHaveLength(2);
});

test("a reply that rehearses its judgement has the last one, once", async () => {
  const rehearsed = `Perhaps ${judgement("Yes")}. No: ${judgement("Yes")} is wrong, so ${judgement("No")}`;

  const { verdict } = await verdictOf(printing("wrong\n"), () => exited(0, "right\n"), once(rehearsed));

  expect(verdict.pocs).toMatchObject([{ result: "still-broken", judgedBy: "model" }]);
});
