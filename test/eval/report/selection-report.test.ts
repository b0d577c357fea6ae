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
  select: (_, [candidate]) => candidate ?? null,
  paper: new Map(),
};
const oracle: SelectionArm = {
  name: "oracle",
  select: (_, candidates) => candidates.find(({ id }) => id.startsWith("R")) ?? null,
  paper: new Map([[2, { value: 0.46, source: "a table", mayDiffer: "other cases" }]]),
};
const cases = [
  oneCase("a", "wR"),
  oneCase("b", "Rw"),
  oneCase("c", "ww"),
  oneCase("d", "R?"),
  oneCase("e", ""),
];

test("gives best, pass and regret of each arm with intervals", () => {
  const report = selectionReport(cases, [first, oracle], [2], 1);
  const values = report.arms.map(({ measures }) => measures.map(({ name, value }) => [name, value]));

  // By hand: pools a, b and c hold two; the first is right in b alone, the oracle in a and b.
  expect(values).toEqual([
    [
      ["best@2", expect.closeTo(1 / 3)],
      ["pass@2", expect.closeTo(2 / 3)],
      ["regret@2", expect.closeTo(1 / 3)],
    ],
    [
      ["best@2", expect.closeTo(2 / 3)],
      ["pass@2", expect.closeTo(2 / 3)],
      ["regret@2", 0],
    ],
  ]);
  expect(report.arms[1]?.measures[0]).toMatchObject({ instances: 3, paper: { value: 0.46 } });
  expect(report.arms[0]?.measures[0]?.interval?.low).toBeLessThan(1 / 3);
});

test("says which instances a number does not rest on", () => {
  expect(selectionReport(cases, [first], [2], 1).leftOut).toEqual([
    { instance: "d", why: "1 patches without a label" },
    { instance: "d", why: "fewer than 2 labelled patches" },
    { instance: "e", why: "no labelled patch" },
  ]);
});

test("is the same bytes twice, and says when no pool is large enough", () => {
  const once = (ks: readonly number[]) => reportJson(selectionReport(cases, [first], ks, 3));

  expect(once([1, 2])).toBe(once([1, 2]));
  expect(once([9])).toContain("no pool holds 9 labelled patches");
});
