import { expect, test } from "vitest";
import { fitted } from "../../../src/domain/calibration/fitted.ts";
import type { PullRequestFeedback } from "../../../src/domain/record/feedback.ts";
import { outcomesArms } from "../../../src/eval/report/outcomes-arms.ts";
import { choice, feedback, heard } from "../../domain/calibration/recorded.ts";

const now = Date.parse("2026-05-31T10:00:00Z");
const { opened, merged, closed } = heard;
const pull = (repository: string, number: number, ...told: readonly PullRequestFeedback[]) => ({
  repository,
  number,
  events: [...choice(), ...feedback(...told)],
});

test("each repository has its share of merged ones beside what was foretold, and no shift while they are few", () => {
  const few = [
    pull("b/b", 1, opened("01"), merged("02")),
    pull("b/b", 2, opened("01"), closed("02")),
    pull("b/b", 3, opened("30")),
    pull("a/a", 4),
  ];

  const { arms, leftOut } = outcomesArms(few, fitted, now);

  expect(arms.map(({ name }) => name)).toEqual(["pull requests of a/a", "pull requests of b/b"]);
  expect(arms[1]?.measures).toMatchObject([
    { name: "merged as they were", value: 0.5, instances: 2 },
    { name: "foretold to be right" },
    {
      name: "shift of the intercept",
      value: null,
      undefinedBecause: "not decidable: 2 of its pull requests have an outcome, and 10 are needed",
    },
    { name: "intercept", value: fitted.intercept },
  ]);
  expect(arms[0]?.measures[0]).toMatchObject({ value: null, undefinedBecause: "none has an outcome" });
  expect(leftOut).toEqual([
    { instance: "b/b#3", why: "it is open" },
    { instance: "a/a#4", why: "nothing was heard of it" },
  ]);
});

test("with enough of them the intercept is moved, and its interval said", () => {
  const many = Array.from({ length: 12 }, (_, at) => pull("a/a", at, opened("01"), closed("02")));

  const measures = outcomesArms(many, fitted, now).arms[0]?.measures ?? [];
  const shift = measures.find(({ name }) => name === "shift of the intercept");

  expect(shift?.value).toBeLessThan(-1);
  expect(shift?.interval?.high).toBeGreaterThan(shift?.value ?? NaN);
  expect(measures.at(-1)?.value).toBeCloseTo(fitted.intercept + (shift?.value ?? NaN), 9);
});
