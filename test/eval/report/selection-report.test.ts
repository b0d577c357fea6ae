import { expect, test } from "vitest";
import { reportJson } from "../../../src/eval/report/report.ts";
import { selectionReport, type SelectionArm } from "../../../src/eval/report/selection-report.ts";
import { readCase } from "../../../src/eval/suite/case.ts";
import { caseFile, pooled } from "../suite/fixtures.ts";

/** A case whose patches are labelled like the letters: R right, w wrong, anything else not run. */
const oneCase = (instance: string, labels: string) =>
  readCase(
    JSON.stringify({
      ...caseFile(),
      instance_id: instance,
      pool: Array.from(labels).map((label, place) =>
        pooled(`${label}${place}`, label === "R" ? true : label === "w" ? false : null),
      ),
    }),
    `${instance}.json`,
  );

const first: SelectionArm = {
  name: "first",
  choose: (_, [id]) => ({ pick: id ?? null, end: id?.startsWith("R") === true ? "validated" : "proposed" }),
  paper: new Map(),
};
const best: SelectionArm = {
  name: "best",
  choose: (_, ids) => ({ pick: ids.find((id) => id.startsWith("R")) ?? null, end: "picked" }),
  paper: new Map([[2, { value: 0.46, source: "a table", mayDiffer: "other cases" }]]),
};
const plan = { arms: [first, best], ks: [2], seed: 1, draws: 100, compared: null };
const cases = [
  oneCase("a", "wR"),
  oneCase("b", "Rw"),
  oneCase("c", "ww"),
  oneCase("d", "R?"),
  oneCase("e", ""),
];

test("gives best, pass and regret of each arm with intervals", () => {
  const report = selectionReport(cases, plan);
  const values = report.arms.map(({ measures }) => measures.map(({ name, value }) => [name, value]));

  // By hand: pools a, b and c hold two; the first is right in b alone, the best of them in a and b.
  expect(values).toEqual([
    [
      ["best@2", expect.closeTo(1 / 3)],
      ["pass@2", expect.closeTo(2 / 3)],
      ["first-k best@2", expect.closeTo(1 / 3)],
      ["regret@2", expect.closeTo(1 / 3)],
      ["right proposal@2", expect.closeTo(1 / 3)],
      ["wrong proposal@2", expect.closeTo(2 / 3)],
      ["validated@2", expect.closeTo(1 / 3)],
      ["precision@2", 1],
    ],
    [
      ["best@2", expect.closeTo(2 / 3)],
      ["pass@2", expect.closeTo(2 / 3)],
      ["first-k best@2", expect.closeTo(2 / 3)],
      ["regret@2", 0],
    ],
    [["best@2", expect.closeTo(2 / 3)]],
  ]);
  expect(report.arms[1]?.measures[0]).toMatchObject({ instances: 3, paper: { value: 0.46 } });
  expect(report.arms[0]?.measures[0]?.interval?.low).toBeLessThan(1 / 3);
});

test("compares an arm with the others on whole pools, and does not decide what cannot be decided", () => {
  const { comparisons } = selectionReport(cases, { ...plan, ks: [2, "all"], compared: "first" });

  expect(comparisons).toMatchObject([
    { first: "best", second: "first", onlyFirst: 1, onlySecond: 0, answer: "not-decidable" },
  ]);
});

test("says which instances a number does not rest on", () => {
  expect(selectionReport(cases, plan).leftOut).toEqual([
    { instance: "d", why: "1 patches without a label" },
    { instance: "d", why: "fewer than 2 labelled patches" },
    { instance: "e", why: "no labelled patch" },
  ]);
});

test("is the same bytes twice, and says when no pool is large enough", () => {
  const once = (ks: readonly number[]) => reportJson(selectionReport(cases, { ...plan, ks }));

  expect(once([1, 2])).toBe(once([1, 2]));
  expect(once([9])).toContain("no pool holds 9 labelled patches");
});
