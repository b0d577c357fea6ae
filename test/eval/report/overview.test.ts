import { expect, test } from "vitest";
import { overviewsOf } from "../../../src/eval/report/overview.ts";
import type { Measure, Report } from "../../../src/eval/report/report.ts";

const measure = (name: string, value: number | null, more: Partial<Measure> = {}): Measure => ({
  name,
  value,
  unit: "share",
  interval: null,
  instances: 2,
  paper: null,
  ...more,
});

const report = (...arms: Report["arms"]): Report => ({
  schema: 1,
  title: "Selection",
  suite: { hash: "0", instances: 2 },
  seed: 1,
  arms,
  comparisons: [],
  instances: [],
  leftOut: [],
  notes: [],
});

test("puts arms side by side by what lies on no curve and more than one has", () => {
  const placed = measure("best@2", 0.5, { at: { curve: "best", x: 2, axis: "k" } });
  const found = overviewsOf(
    report(
      {
        name: "ours",
        measures: [placed, measure("best@all", 0.75), measure("precision@all", 1), measure("own", 1)],
      },
      { name: "first", measures: [measure("best@all", 0.5), measure("precision@all", null)] },
    ),
  );

  expect(found).toEqual([
    {
      head: ["", "best@all", "precision@all"],
      rows: [
        ["ours", "75.0 %", "100.0 %"],
        ["first", "50.0 %", ""],
      ],
    },
  ]);
});

test("says nothing of a single arm, or of curves only", () => {
  const arm = { name: "ours", measures: [measure("best@all", 1)] };
  const drawn = {
    name: "ours",
    measures: [measure("best@2", 1, { at: { curve: "best", x: 2, axis: "k" } })],
  };

  expect(overviewsOf(report(arm))).toEqual([]);
  expect(overviewsOf(report(drawn, { ...drawn, name: "first" }))).toEqual([]);
});

test("sets arms that have nothing in common apart", () => {
  const best = (name: string) => ({ name, measures: [measure("best@all", 1)] });
  const scripts = (name: string) => ({ name, measures: [measure("valid", 0.5)] });

  const found = overviewsOf(
    report(best("ours"), scripts("all"), best("first"), scripts("one"), { name: "x", measures: [] }),
  );

  expect(found.map(({ head, rows }) => [head[1], rows.map(([arm]) => arm)])).toEqual([
    ["best@all", ["ours", "first"]],
    ["valid", ["all", "one"]],
  ]);
});
