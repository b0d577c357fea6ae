import { expect, test } from "vitest";
import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import { reproduce } from "../../src/pipeline/reproduce.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { judgement, once, scriptAnswer } from "../fixtures/model-answers.ts";
import { smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

/** One printing script with a judge that wants to see `wrong`, run twice on the unpatched tree. */
async function confirm(first: ExecutionOutcome, second: ExecutionOutcome) {
  const replies = smallReplies({ "poc-asserting": [], "poc-printing": [once(scriptAnswer("print(1)"))] });
  const judges = [
    { when: ["wrong sum"], reply: { text: judgement("Yes") } },
    { when: [], reply: { text: judgement("No") } },
  ];
  const stage = await makeStage({
    replies: { ...replies, judges: { "judge-poc": judges } },
    answer: (command, job) => atItsEnd(command, job.label.startsWith("poc-confirm/") ? second : first),
  });
  const { pocs } = await reproduce(stage.context);
  return { confirmed: pocs.length, questions: stage.asked.filter(({ stage: name }) => name === "judge-poc") };
}

test("two equal runs are confirmed with one question", async () => {
  const { confirmed, questions } = await confirm(exited(0, "wrong sum\n"), exited(0, "wrong sum\n"));

  expect([confirmed, questions.length]).toEqual([1, 1]);
});

test("two runs that differ, in a time for example, are confirmed when the judge sees the issue in both", async () => {
  const { confirmed } = await confirm(
    exited(0, "2026-11-21 02:28 wrong sum\n"),
    exited(0, "2026-11-21 02:29 wrong sum\n"),
  );

  expect(confirmed).toBe(1);
});

test.each([
  ["shows the issue only once", exited(0, "right\n")],
  ["ends with another exit status", exited(1, "02:29 wrong sum\n")],
])("a script that %s is not confirmed", async (_, second) => {
  const { confirmed } = await confirm(exited(0, "02:28 wrong sum\n"), second);

  expect(confirmed).toBe(0);
});

test("the judge sees the end of a long output, within its window", async () => {
  const long = exited(0, `${"x".repeat(200_000)}\nwrong sum\n`);

  const { confirmed, questions } = await confirm(long, long);

  expect(confirmed).toBe(1);
  expect(questions[0]?.messages[0]?.content.length).toBeLessThan(20_000);
});
