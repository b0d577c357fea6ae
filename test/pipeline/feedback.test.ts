import { expect, test } from "vitest";
import { repair } from "../../src/pipeline/repair.ts";
import { pullRequestText } from "../../src/report/pull-request.ts";
import { issue, run } from "../report/fixtures.ts";
import { scheduledStage, type Kind, type Sketch } from "./scheduled-stage.ts";

const sketch = (kind: Kind, remark = 0): Sketch => ({ kind, remark, reasoning: 0 });

/** A repair whose generated patches are these, and what is answered to feedback, per patch and turn. */
async function repaired(samples: readonly Kind[], feedback: readonly (readonly Kind[])[]) {
  const stage = await scheduledStage(
    {
      samples: samples.map((kind) => sketch(kind)),
      reviews: null,
      feedback: feedback.map((turns) => turns.map((kind) => sketch(kind))),
    },
    null,
  );
  const result = await repair(stage.context);
  const asked = stage.asked.filter((request) => request.stage === "feedback");
  return { result, asked, told: asked.map(({ messages }) => messages.at(-1)?.content ?? "") };
}

test("a patch found in a feedback turn is proposed, and the pull request says so", async () => {
  const { result, asked } = await repaired(["noFix", "noFix"], [["good"]]);

  expect(result).toMatchObject({ kind: "proposed", level: "validated" });
  expect(result.evidence.feedback).toEqual([{ answers: 1, found: [result.evidence.candidates[1]?.id] }]);
  expect(result.evidence.candidates[1]).toMatchObject({ samples: ["feedback/0/0"] });
  expect(result.evidence.samples).toBe(2);
  expect(asked.map(({ continues, priority }) => [continues, priority])).toEqual([["generate/0/0", 0]]);
  if (result.kind !== "proposed") return;
  const { body } = pullRequestText({ result, issue, run, seconds: 1 });
  expect(body).toContain("None of the patches of 2 samples passed; this one was found in feedback turn 1");
});

test("the second turn goes on with the conversation of the first", async () => {
  const { result, asked } = await repaired(["noFix"], [["breaking", "good"]]);

  expect(result).toMatchObject({ kind: "proposed" });
  expect(asked.map(({ attempt, continues }) => [attempt, continues])).toEqual([
    [0, "generate/0/0"],
    [1, "feedback/0/0"],
  ]);
  const [first, second] = asked.map(({ messages }) => messages);
  expect(second?.slice(0, first?.length)).toEqual(first);
  expect(result.evidence.feedback).toHaveLength(2);
});

test("the model is shown the script that still fails, or the tests that broke, quoted", async () => {
  const { told } = await repaired(["noFix", "breaking"], []);

  expect(told).toHaveLength(2);
  expect(told[0]).toContain('### Tests that passed before your patch and do not pass with it ###\n["t::a"]');
  expect(told[1]).toContain("### Script that still shows the issue ###\n{");
  expect(told[1]).toContain("(exit 1, the same as without it)");
});

test("no turn is made when a patch passes", async () => {
  const { asked } = await repaired(["noFix", "good"], [["alsoGood"]]);

  expect(asked).toEqual([]);
});

test("an answer that is no new patch ends the turns and changes nothing else", async () => {
  const { result, asked } = await repaired(["noFix"], [["noFix", "good"]]);

  expect(result).toMatchObject({ kind: "declined", reason: "none-passes-poc" });
  expect(result.evidence.feedback).toEqual([{ answers: 1, found: [] }]);
  expect(asked).toHaveLength(1);
});

test("a model that does not answer leaves no trace in the evidence", async () => {
  const { result } = await repaired(["noFix"], []);

  expect(result.evidence).toMatchObject({ feedback: [], rejected: [] });
});
