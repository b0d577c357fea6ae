import { expect, test } from "vitest";
import type { ExecutionOutcome } from "../../src/domain/execution.ts";
import { reproduce } from "../../src/pipeline/reproduce.ts";
import type { RecordedReplies } from "../../src/simulator/replies.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import { judgement, once, scriptAnswer } from "../fixtures/model-answers.ts";
import { smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

type Replies = RecordedReplies["replies"];

/** The chains' results when each job of that label ends as given; others fail an assertion. */
async function chainsOf(replies: Replies, outcomes: Readonly<Record<string, ExecutionOutcome>> = {}) {
  const stage = await makeStage({
    replies: smallReplies({ "poc-asserting": [], "poc-printing": [], ...replies }),
    answer: (_, job) => outcomes[job.label] ?? exited(1),
  });
  const { pocs, failed } = await reproduce(stage.context);
  return { ...stage, pocs, failed, labels: stage.sandbox.jobs.map((job) => job.label) };
}

const script = scriptAnswer("assert False");

test("a script counts only after it ended the same way twice on the unpatched tree", async () => {
  const { pocs, labels } = await chainsOf({ "poc-asserting": [once(script)] });

  expect(pocs).toMatchObject([{ id: "asserting-1", attempts: 1, source: "assert False\n" }]);
  expect(labels).toEqual(["poc/asserting-1/0", "poc-confirm/asserting-1/0"]);
});

test("a script whose second run ends differently is written anew, with its output", async () => {
  const { pocs, asked } = await chainsOf(
    { "poc-asserting": [[...once(script), ...once(scriptAnswer("assert 1 == 2"))]] },
    { "poc-confirm/asserting-1/0": exited(0) },
  );

  expect(pocs).toMatchObject([{ attempts: 2, source: "assert 1 == 2\n" }]);
  expect(asked[1]?.messages[0]?.content).toContain("a second run on the unpatched tree ended differently");
});

test("an asserting script that passes on the unpatched tree is fed back with the reason", async () => {
  const { failed, asked } = await chainsOf(
    { "poc-asserting": [[...once(script), ...once(script)]] },
    { "poc/asserting-1/0": exited(0, "all fine"), "poc/asserting-1/1": exited(0) },
  );

  expect(failed).toMatchObject([{ id: "asserting-1" }]);
  expect(asked[1]?.messages[0]?.content).toContain("all fine");
  expect(asked[1]?.messages[0]?.content).toContain("the script must fail on the unpatched tree");
});

test("a chain goes on after garbage, an empty, a cut-off and a failed answer", async () => {
  const { pocs, asked } = await chainsOf({
    "poc-asserting": [
      [
        ...once("I cannot do that."),
        ...once("", { fault: "empty" }),
        ...once(script, { finish: "length" }),
        ...once(script),
      ],
    ],
  });

  expect(asked.map(({ attempt }) => attempt)).toEqual([0, 1, 2, 3]);
  expect(pocs).toMatchObject([{ attempts: 4 }]);
});

test("a chain gives up after the profile's attempts and says why", async () => {
  const { failed, sandbox } = await chainsOf({
    "poc-asserting": [once("", { fault: "huge" })],
  });

  expect(failed).toMatchObject([{ attempts: 4, reason: expect.stringMatching(/recorded/) }]);
  expect(sandbox.jobs).toEqual([]);
});

test("a script that hangs proves nothing", async () => {
  const hung: ExecutionOutcome = {
    kind: "timed-out",
    durationMs: 30_000,
    stdout: "",
    stderr: "",
    cut: false,
    report: null,
  };
  const { pocs, failed } = await chainsOf({ "poc-asserting": [once(script)] }, { "poc/asserting-1/0": hung });

  expect(pocs).toEqual([]);
  expect(failed).toHaveLength(1);
});

test.each([
  ["yes", 1],
  ["no", 0],
  ["perhaps", 0],
])("a printing script whose output the judge calls %j gives %i scripts", async (word, count) => {
  const { pocs } = await chainsOf(
    { "poc-printing": [once(script)], "judge-poc": [[...once(judgement(word)), ...once(judgement(word))]] },
    { "poc/printing-1/0": exited(0, "0"), "poc-confirm/printing-1/0": exited(0, "0") },
  );

  expect(pocs).toHaveLength(count);
});
