import { expect, test } from "vitest";
import { judgeAddedTest, type AddedTestRuns } from "../../src/domain/added-test.ts";
import { exitStatusId, type TestReport, type TestResult } from "../../src/domain/execution.ts";

type Statuses = Readonly<Record<string, TestResult["status"]>>;

const report = (statuses: Statuses, more: Partial<TestReport> = {}): TestReport => ({
  results: Object.entries(statuses).map(([id, status]) => ({ id, status, seconds: 0 })),
  crashed: null,
  ...more,
});

const old = report({ old: "passed" });
const holds: AddedTestRuns = {
  base: old,
  head: old,
  addedToBase: [report({ old: "passed", added: "failed" }), report({ old: "passed", added: "errored" })],
  addedToHead: [report({ old: "passed", added: "passed" }), report({ old: "passed", added: "passed" })],
};
const twice = (one: TestReport): readonly [TestReport, TestReport] => [one, one];

test("holds when it fails without the patch and passes with it, each time", () => {
  expect(judgeAddedTest(holds)).toEqual({ kind: "holds", tests: ["added"] });
});

test("of several added tests those count that fail without the patch", () => {
  const more: Statuses = { old: "passed", added: "passed", beside: "passed" };

  const verdict = judgeAddedTest({
    ...holds,
    addedToBase: twice(report({ ...more, added: "failed" })),
    addedToHead: twice(report(more)),
  });

  expect(verdict).toEqual({ kind: "holds", tests: ["added"] });
});

test("of a command that leaves no report the exit status is the test", () => {
  const [passed, failed] = [report({ [exitStatusId]: "passed" }), report({ [exitStatusId]: "failed" })];

  const runs = { base: passed, head: passed, addedToBase: twice(failed), addedToHead: twice(passed) };

  expect(judgeAddedTest(runs)).toEqual({ kind: "holds", tests: [exitStatusId] });
  expect(judgeAddedTest({ ...runs, base: failed })).toMatchObject({ kind: "rejected" });
});

test.each<readonly [string, Partial<AddedTestRuns>, string]>([
  [
    "passes without the patch once",
    { addedToBase: [report({ added: "failed" }), report({ added: "passed" })] },
    "added does not fail on the base commit",
  ],
  ["is not run without the patch", { addedToBase: twice(old) }, "added does not fail on the base commit"],
  [
    "fails with the patch once",
    { addedToHead: [report({ old: "passed", added: "passed" }), report({ old: "passed", added: "failed" })] },
    "added fails with the patch",
  ],
  [
    "is skipped with the patch",
    { addedToHead: twice(report({ old: "passed", added: "skipped" })) },
    "added does not fail on the base commit",
  ],
  ["is not found", { addedToHead: twice(old) }, "finds no new test"],
  [
    "breaks another test",
    { addedToHead: twice(report({ old: "failed", added: "passed" })) },
    "with it old does not pass any more",
  ],
  [
    "hides another test in one of the runs",
    { addedToHead: [report({ added: "passed" }), report({ old: "passed", added: "passed" })] },
    "with it old does not pass any more",
  ],
  [
    "keeps the file from being loaded without the patch",
    { addedToBase: twice(report({}, { crashed: "the tests broke off (exit 2)" })) },
    "on the base commit the tests broke off",
  ],
  [
    "comes with a run that contradicts itself",
    { addedToHead: [holds.addedToHead[0], { ...holds.addedToHead[1], doubt: "the exit status is 0" }] },
    "with the patch the run cannot be trusted",
  ],
])("a test that %s is rejected", (_, change, why) => {
  expect(judgeAddedTest({ ...holds, ...change })).toEqual({
    kind: "rejected",
    why: expect.stringContaining(why),
  });
});
