import { expect, test } from "vitest";
import { repair } from "../../src/pipeline/repair.ts";
import type { InferenceClient, SampleRequest } from "../../src/ports/inference-client.ts";
import { createScriptedClient } from "../../src/simulator/scripted-client.ts";
import { once } from "../fixtures/model-answers.ts";
import { rightEdit, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const replies = smallReplies({
  generate: [once(rightEdit), once(rightEdit), once(rightEdit)],
  critique: [once("Conclusion: Right"), once("Conclusion: Right"), once("Conclusion: Right")],
});

/** The recorded models, with what was asked of them together. */
function listened(change: Partial<InferenceClient> = {}) {
  const groups: (readonly SampleRequest[])[] = [];
  const client = createScriptedClient({ replies });
  const inference: InferenceClient = {
    ...client,
    ...change,
    sampleMany(requests, signal) {
      groups.push(requests);
      return (change.sampleMany ?? client.sampleMany)(requests, signal);
    },
  };
  return { inference, groups: () => groups.filter(([one]) => one?.stage === "generate") };
}

test("the samples of a stage are asked together, alike to the byte but for index and seed", async () => {
  const { inference, groups } = listened();
  await repair((await makeStage({ replies, inference })).context);

  const [group = []] = groups();
  const [first, ...others] = group.map(({ index, seed, ...rest }) => ({ index, seed, rest }));

  expect(groups()).toHaveLength(1);
  expect(others).toEqual([
    { index: 1, seed: (first?.seed ?? 0) + 1, rest: first?.rest },
    { index: 2, seed: (first?.seed ?? 0) + 2, rest: first?.rest },
  ]);
});

test("a review's conversation begins with the question and the answer that it reviews", async () => {
  const { context, asked } = await makeStage({ replies, critiqueRounds: 1 });
  await repair(context);
  const generation = asked.find(({ stage }) => stage === "generate");
  const review = asked.find(({ stage }) => stage === "critique");

  expect(review?.messages.slice(0, 2)).toEqual([
    ...(generation?.messages ?? []),
    { role: "assistant", content: rightEdit.trimEnd() },
  ]);
  expect(review).toMatchObject({ index: 0, continues: "generate/0/0", priority: 0 });
});

test("a resumed run asks together for what the journal does not hold", async () => {
  const scripted = createScriptedClient({ replies });
  const failing = listened({
    sampleMany: (requests, signal) =>
      scripted
        .sampleMany(requests, signal)
        .map((outcome, at) =>
          at === 1 && requests[at]?.stage === "generate"
            ? Promise.resolve({ kind: "failed", failure: { reason: "server", detail: "broken" } } as const)
            : outcome,
        ),
  });
  const { context } = await makeStage({ replies, inference: failing.inference });
  await repair(context);
  const { inference, groups } = listened();

  await repair({ ...context, inference });

  expect(groups().map((group) => group.map(({ index }) => index))).toEqual([[1]]);
});

test("judges and reviews go first, candidates last", async () => {
  const { context, asked } = await makeStage({ replies, critiqueRounds: 1 });
  await repair(context);

  expect(Object.fromEntries(asked.map(({ stage, priority }) => [stage, priority]))).toEqual({
    "localize-files": 1,
    "localize-lines": 1,
    "poc-asserting": 1,
    generate: 2,
    critique: 0,
  });
});
