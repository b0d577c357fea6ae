import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { createBudget } from "../../src/pipeline/budget.ts";
import { repair } from "../../src/pipeline/repair.ts";
import { ask } from "../../src/pipeline/sample.ts";
import { createUsageMeter } from "../../src/pipeline/usage-meter.ts";
import { once } from "../fixtures/model-answers.ts";
import { rightEdit, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const usage = (completion: number) => ({ prompt: 1, completion, estimated: false });

test("what is held back for calls under way leaves no room for more, and what they did not use is room again", () => {
  const meter = createUsageMeter();
  const budget = createBudget(meter, { outputTokens: 100, calls: 10 });
  const first = budget.reserve(160, false);

  expect(budget.reserve(60, false)).toBeNull();

  meter.add("call", "loc-gen", "m", usage(10));
  first?.release();
  expect(budget.reserve(160, false)).not.toBeNull();
});

test("calls are counted as well", () => {
  const budget = createBudget(createUsageMeter(), { outputTokens: 1_000, calls: 1 });
  budget.reserve(2, false)?.release();

  expect(budget.reserve(2, false)).toBeNull();
});

test("a judge is asked whatever was used up", () => {
  const budget = createBudget(createUsageMeter(), { outputTokens: 0, calls: 0 });

  expect(budget.reserve(8_192, true)).not.toBeNull();
});

test("what was written of a sample that is called off is used up", async () => {
  const stop = new AbortController();
  const { context } = await makeStage({ replies: smallReplies({}), stop: stop.signal });
  const sample = (): Promise<never> => {
    stop.abort(new Error("enough"));
    return Promise.reject(new RepairError("cancelled", "called off", { data: { usage: usage(500) } }));
  };
  const called = { ...context, inference: { ...context.inference, sample } };

  const prompt = context.prompts.prompt("critique");
  const answer = await ask(called, { prompt, messages: [], index: 0, priority: 0 });

  expect(answer).toMatchObject({ failure: { reason: "stopped" } });
  expect(context.usage.total().completion).toBe(500);
});

test("samples without room are rejected as such, and those before them are judged", async () => {
  const replies = smallReplies({ generate: [once(rightEdit), once(rightEdit)] });
  const { context, asked } = await makeStage({
    replies,
    profile: { assertingPocs: 0 },
    budget: { outputTokens: 400_000, calls: 3 },
  });

  const { evidence } = await repair(context);

  expect(asked.filter(({ stage }) => stage === "generate")).toHaveLength(1);
  expect(evidence.rejected).toMatchObject([
    { sample: "generate/1/0", reason: "no-answer", detail: expect.stringContaining("budget: ") },
  ]);
  expect(evidence.ranking.ordered).toHaveLength(1);
});
