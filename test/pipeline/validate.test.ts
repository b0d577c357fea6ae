import { expect, test } from "vitest";
import type { Candidate } from "../../src/domain/candidate.ts";
import type { Poc, PocKind } from "../../src/domain/poc.ts";
import { validate } from "../../src/pipeline/validate.ts";
import type { TestBase } from "../../src/pipeline/baseline.ts";
import type { Reply } from "../../src/simulator/replies.ts";
import { exited, type Answer } from "../fakes/fake-sandbox.ts";
import { judgement, once } from "../fixtures/model-answers.ts";
import { faultyPath, smallReplies } from "../fixtures/small-project.ts";
import { makeStage } from "../fixtures/stage-context.ts";

const candidate: Candidate = {
  id: "abc",
  changes: [{ path: faultyPath, before: "a\n", after: "b\n" }],
  patch: "",
  samples: ["generate/0/0"],
  refines: null,
};

const poc = (id: string, kind: PocKind): Poc => ({
  id,
  kind,
  source: "print(1)",
  baseline: exited(kind === "asserting" ? 1 : 0, "wrong\n"),
  attempts: 1,
  sourceSample: "poc",
});

const tests: TestBase = {
  plan: { command: "pytest", script: "run the tests", report: "report", files: [], selected: [] },
  baseline: { kind: "ran", command: "pytest", passing: ["t::a"], failing: [], flaky: [], seconds: 1 },
};

async function verdictOf(pocs: readonly Poc[], answer: Answer, judge: Reply[] = []) {
  const stage = await makeStage({ answer, replies: smallReplies({ "judge-fix": [judge] }) });
  const [judged] = await validate(stage.context, [candidate], pocs, tests);
  return { verdict: judged?.verdict, labels: stage.sandbox.jobs.map((job) => job.label), asked: stage.asked };
}

const isTest = (script: string): boolean => script.includes("run the tests");

test("a candidate that fails every script is spared the tests", async () => {
  const { verdict, labels } = await verdictOf([poc("asserting-1", "asserting")], () => exited(1));

  expect(verdict?.tests).toMatchObject({ kind: "not-run", because: "fails-every-poc" });
  expect(labels).toEqual(["candidate/abc/pocs"]);
});

test("one script that passes is enough to run the tests", async () => {
  const pocs = [poc("asserting-1", "asserting"), poc("asserting-2", "asserting")];
  const { labels } = await verdictOf(pocs, (_, __, index) => exited(index));

  expect(labels).toContain("candidate/abc/tests");
});

test("a test run without a report counts every baseline test as broken, and is repeated once", async () => {
  const { verdict, labels } = await verdictOf([], ({ script }) => exited(isTest(script) ? 1 : 0));

  expect(verdict?.tests).toMatchObject({ regressions: ["t::a"] });
  expect(labels.filter((label) => label.startsWith("candidate/abc/tests")).length).toBeLessThanOrEqual(2);
});

test.each([
  [judgement("Yes"), "fixed"],
  [judgement("No"), "still-broken"],
  ["I think that it works.", "inconclusive"],
  [judgement("yes and no, hard to say whether yes"), "fixed"],
  [judgement("x".repeat(500)), "inconclusive"],
  ["", "inconclusive"],
])("a judge that answers %j makes a printing script %s", async (text, result) => {
  const { verdict } = await verdictOf([poc("printing-1", "printing")], () => exited(0, "right\n"), [
    ...once(text),
    ...once(text),
  ]);

  expect(verdict?.pocs).toMatchObject([{ result, judgedBy: "model" }]);
});

test("a judge that was cut off has not judged", async () => {
  const cutOff = once(judgement("yes"), { finish: "length" });
  const { verdict, asked } = await verdictOf([poc("printing-1", "printing")], () => exited(0, "right\n"), [
    ...cutOff,
    ...cutOff,
  ]);

  expect(verdict?.pocs).toMatchObject([{ result: "inconclusive" }]);
  expect(asked).toHaveLength(2);
});

test("the same output as before is broken without asking the judge", async () => {
  const { verdict, asked } = await verdictOf([poc("printing-1", "printing")], () => exited(0, "wrong\n"));

  expect(verdict?.pocs).toMatchObject([{ result: "still-broken", judgedBy: "rule" }]);
  expect(asked).toEqual([]);
});

test("a script that did not start is inconclusive", async () => {
  const { verdict } = await verdictOf([poc("asserting-1", "asserting")], () => ({
    kind: "not-started",
    reason: "the disk is full",
  }));

  expect(verdict?.pocs).toMatchObject([{ result: "inconclusive" }]);
});
