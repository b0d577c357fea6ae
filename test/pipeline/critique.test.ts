import { expect, test } from "vitest";
import { repair } from "../../src/pipeline/repair.ts";
import type { Reply } from "../../src/simulator/replies.ts";
import { editAnswer, once } from "../fixtures/model-answers.ts";
import { faultyLine, faultyPath, rightEdit, rightLine, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const wrongEdit = editAnswer(faultyPath, faultyLine, "    return a * b");

/** The candidates of a run whose first two samples are the same wrong patch, reviewed with these answers. */
async function reviewed(...answers: readonly Reply[]) {
  const replies = smallReplies({ generate: [once(wrongEdit), once(wrongEdit)], critique: [[...answers]] });
  const stage = await makeStage({ replies, critiqueRounds: 1 });
  const { evidence } = await repair(stage.context);
  return {
    candidates: evidence.candidates.map((one) => ({ samples: one.samples, refines: one.refines })),
    rejected: evidence.rejected,
    reviews: stage.asked.filter((request) => request.stage === "critique").length,
    samples: evidence.samples,
  };
}

const original = { samples: ["generate/0/0", "generate/1/0"], refines: null };
const [right = { text: "" }] = once("Conclusion: Right");
const [wrong = { text: "" }] = once("The sign is wrong.\nConclusion: Wrong");

test("a review that finds the patch right changes nothing and is asked for once", async () => {
  expect(await reviewed(right)).toMatchObject({ candidates: [original], rejected: [], reviews: 1 });
});

test("a review without a conclusion changes nothing", async () => {
  expect(await reviewed({ text: rightEdit })).toMatchObject({ candidates: [original], reviews: 1 });
});

test("a refinement is a candidate with one vote of its own and no more samples in the vote", async () => {
  const result = await reviewed({ text: `Conclusion: Wrong\n${rightEdit}` });

  expect(result.candidates).toMatchObject([original, { samples: ["critique/0"] }]);
  expect(result.candidates[1]?.refines).not.toBeNull();
  expect(result.samples).toBe(2);
});

test("a review that says wrong without edits is asked for them once more", async () => {
  const result = await reviewed(wrong, { text: rightEdit });

  expect(result.candidates).toMatchObject([original, { samples: ["critique/0"] }]);
  expect(result.reviews).toBe(2);
});

test("a refinement that leads back to a known patch adds no vote to it", async () => {
  expect(await reviewed({ text: `Conclusion: Wrong\n${wrongEdit}` })).toMatchObject({
    candidates: [original],
  });
});

test.each<[string, readonly Reply[]]>([
  ["fails", [{ text: "", fault: "huge" }]],
  ["is empty", [{ text: "", fault: "empty" }]],
  ["is cut off", [{ text: `Conclusion: Wrong\n${rightEdit}`, finish: "length" }]],
])("a review that %s leaves the patch as it is", async (_, answers) => {
  expect(await reviewed(...answers)).toMatchObject({ candidates: [original], rejected: [] });
});

test.each<[string, Reply, string]>([
  ["garbage", { text: "sorry" }, "no-answer"],
  ["cut off", { text: rightEdit, finish: "length" }, "truncated"],
  ["an escape", { text: editAnswer("../x.py", "", rightLine) }, "unsafe-path"],
])("corrected edits that are %s are counted as a rejected sample", async (_, answer, reason) => {
  const { rejected, candidates } = await reviewed(wrong, answer);

  expect(rejected).toMatchObject([{ sample: "critique/0", reason }]);
  expect(candidates).toEqual([original]);
});
