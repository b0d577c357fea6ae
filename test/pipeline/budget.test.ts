import { expect, test } from "vitest";
import { RepairError } from "../../src/domain/errors.ts";
import { createBudget, type Budget, type PlannedCall, type Reservation } from "../../src/pipeline/budget.ts";
import { repair } from "../../src/pipeline/repair.ts";
import { ask } from "../../src/pipeline/sample.ts";
import { createUsageMeter } from "../../src/pipeline/usage-meter.ts";
import { once } from "../fixtures/model-answers.ts";
import { rightEdit, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const usage = (completion: number) => ({ prompt: 1, completion, estimated: false });

const reserve = (budget: Budget, maxTokens: number, fields: Partial<PlannedCall> = {}): Reservation =>
  budget.reserve({ stage: "generate", maxTokens, leastTokens: maxTokens / 4, needed: false, ...fields });
const release = (reservation: Reservation): void => {
  if (reservation.kind === "room") reservation.release();
};
const noRoom = { kind: "refused", failure: { reason: "budget", unsent: true } };

test("what is held back for calls under way leaves no room for more, and what they did not use is room again", () => {
  const meter = createUsageMeter();
  const budget = createBudget(meter, { outputTokens: 100, calls: 10 });
  const first = reserve(budget, 160);

  expect(reserve(budget, 60)).toMatchObject(noRoom);

  meter.add("call", "loc-gen", "m", usage(10));
  release(first);
  expect(reserve(budget, 160).kind).toBe("room");
});

test("calls are counted as well", () => {
  const budget = createBudget(createUsageMeter(), { outputTokens: 1_000, calls: 1 });
  release(reserve(budget, 2));

  expect(reserve(budget, 2)).toMatchObject(noRoom);
});

test("a judge is asked whatever was used up", () => {
  const budget = createBudget(createUsageMeter(), { outputTokens: 0, calls: 0 });

  expect(reserve(budget, 8_192, { needed: true }).kind).toBe("room");
});

test("a call that could not end in time is refused, and takes nothing of the budget", () => {
  const limits = { outputTokens: 8_192, calls: 1, timeLeft: () => 15_000 };
  const budget = createBudget(createUsageMeter(), limits);
  expect(budget.isLate()).toBe(false);

  expect(reserve(budget, 8_192)).toEqual({
    kind: "refused",
    failure: {
      reason: "deadline",
      detail: "the run has 15 s left, and this takes 20 s at least",
      unsent: true,
    },
  });
  expect(budget.isLate()).toBe(true);
  expect(reserve(budget, 8_192, { leastTokens: 512 }).kind).toBe("room");
});

test("what the result needs has the time until the run is broken off", () => {
  const timeLeft = (needed: boolean): number => (needed ? 60_000 : 0);
  const budget = createBudget(createUsageMeter(), { outputTokens: 100_000, calls: 9, timeLeft });

  expect(reserve(budget, 8_192).kind).toBe("refused");
  expect(reserve(budget, 8_192, { needed: true }).kind).toBe("room");
});

test("a stage whose answers take longer is not begun as late", () => {
  const limits = { outputTokens: 100_000, calls: 9, timeLeft: () => 30_000 };
  const budget = createBudget(createUsageMeter(), limits);
  expect(reserve(budget, 8_192).kind).toBe("room");

  for (const milliseconds of [50_000, 40_000, 60_000]) budget.ended("generate", milliseconds);

  expect(reserve(budget, 8_192).kind).toBe("refused");
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

test("a run without time for candidates sends none, and says that it was finished early", async () => {
  const { context, asked } = await makeStage({
    replies: smallReplies({ generate: [once(rightEdit), once(rightEdit)] }),
    budget: { outputTokens: 400_000, calls: 100, timeLeft: () => 15_000 },
  });

  const result = await repair(context);

  expect([...new Set(asked.map(({ stage }) => stage))]).toEqual(["localize-files", "localize-lines"]);
  expect(result).toMatchObject({
    kind: "declined",
    reason: "stopped",
    explanation: "It was finished early: its time was nearly over.",
    evidence: { stopped: { unwritten: 2 }, rejected: [] },
  });
});

test("a run that has no time for any call is finished early, and blames no model", async () => {
  const { context, asked } = await makeStage({
    replies: smallReplies({}),
    budget: { outputTokens: 400_000, calls: 100, timeLeft: () => 0 },
  });

  expect(await repair(context)).toMatchObject({ kind: "declined", reason: "stopped" });
  expect(asked).toEqual([]);
});
