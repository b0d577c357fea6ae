import { expect, test } from "vitest";
import type { TestBase } from "../../src/pipeline/baseline.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import { tests, verdictOf } from "./verdict-of.ts";

const { baseline } = tests;
if (baseline.kind !== "ran") throw new Error("fixture");
const base: TestBase = { ...tests, baseline: { ...baseline, passing: ["t::a", "t::b"] } };

/** The verdict where the first run has these failing tests, the second those, and what comes after them none. */
async function verdictAfter(
  failing: readonly (readonly string[] | "crash" | "lie")[],
  flakyRetries?: number,
) {
  let runs = 0;
  const settings = flakyRetries === undefined ? {} : { tests: { flaky_retries: flakyRetries } };
  return verdictOf(
    [],
    () => {
      const now = failing[runs] ?? [];
      runs += 1;
      if (now === "crash") return exited(139);
      const cases = ["a", "b"].map(
        (name) =>
          `<testcase classname="t" name="${name}" time="1">${now.includes(name) ? "<failure/>" : ""}</testcase>`,
      );
      const report = `<testsuite>${cases.join("")}</testsuite>`;
      return exited(now === "lie" || now.length > 0 ? 1 : 0, "", report);
    },
    [],
    { tests: base, settings },
  );
}

const again = (count: number): readonly string[] =>
  ["tests", "tests-again", "tests-again-2", "tests-again-3"]
    .slice(0, count)
    .map((label) => `candidate/abc/${label}`);

test("a test that fails twice is broken where nothing is said", async () => {
  const { verdict, labels } = await verdictAfter([["a"], ["a"]]);

  expect(verdict.tests).toMatchObject({ kind: "ran", regressions: ["t::a"] });
  expect(labels).toEqual(again(2));
});

test("a failure counts at once where the settings want no repeat", async () => {
  const { verdict, labels } = await verdictAfter([["a"]], 0);

  expect(verdict.tests).toEqual({ kind: "ran", passed: 1, regressions: ["t::a"] });
  expect(labels).toEqual(again(1));
});

test("a test that passes at the last of the wanted repeats is not broken, and named", async () => {
  const { verdict, labels } = await verdictAfter([["a"], ["a"], ["a"]], 3);

  expect(verdict.tests).toEqual({ kind: "ran", passed: 2, regressions: [], flaky: ["t::a"] });
  expect(labels).toEqual(again(4));
});

test("a test that fails in every repeat is broken, and the others that failed are named", async () => {
  const { verdict } = await verdictAfter([["a", "b"], ["a"], ["a", "b"]], 2);

  expect(verdict.tests).toMatchObject({ regressions: ["t::a"], flaky: ["t::b"] });
});

test("nothing is repeated once all is in order", async () => {
  const { labels } = await verdictAfter([["a"], []], 5);

  expect(labels).toEqual(again(2));
});

test.each([
  ["breaks off", "crash", "crashed"],
  ["cannot be trusted", "lie", "untrusted"],
] as const)("a run that %s is repeated once, however many repeats are wanted", async (_, end, kind) => {
  const { verdict, labels } = await verdictAfter([end, end], 5);

  expect(verdict.tests).toMatchObject({ kind, regressions: ["t::a", "t::b"] });
  expect(labels).toEqual(again(2));
});
