import { expect, test } from "vitest";
import { curvesOf } from "../../../src/eval/report/html/curves.ts";
import { reportHtml } from "../../../src/eval/report/html/report-html.ts";
import type { Measure, Report } from "../../../src/eval/report/report.ts";

const attack = `<script>alert("1")</script>\u202E' onload='x`;

const at = (curve: string, x: number, value: number): Measure => ({
  name: `${curve}@${x}`,
  value,
  unit: "share",
  interval: { low: value - 0.1, high: value + 0.1 },
  instances: 3,
  paper: null,
  at: { curve, x, axis: "k" },
});

const report: Report = {
  schema: 1,
  title: "Selection",
  suite: { hash: "0".repeat(64), instances: 3 },
  seed: 1,
  arms: [
    { name: attack, measures: [at("best", 1, 0.4), at("best", 10, 0.6), at("once", 1, 0.1)] },
    { name: "oracle", measures: [at("best", 10, 0.9), at("best", 1, 0.4)] },
  ],
  comparisons: [],
  instances: [],
  leftOut: [{ instance: attack, why: attack }],
  notes: [],
};

test("draws each curve with all its arms, and none of a single point", () => {
  const curves = curvesOf(report);

  expect(curves.map(({ name, lines }) => [name, lines.map(({ arms }) => arms)])).toEqual([
    ["best", [[attack], ["oracle"]]],
  ]);
  expect(curves[0]?.lines[1]?.points.map(({ x }) => x)).toEqual([1, 10]);
});

test("arms whose points are the same share a line", () => {
  const measures = report.arms[0]?.measures ?? [];
  const twins = { ...report, arms: ["one", "other"].map((name) => ({ name, measures })) };

  expect(curvesOf(twins).map(({ lines }) => lines.map(({ arms }) => arms.length))).toEqual([[2]]);
});

test("is one file with its curves in it, which loads nothing", async () => {
  const html = await reportHtml(report);

  expect(html.match(/<svg /g)).toHaveLength(1);
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/<(?:script|link|img|iframe)|\b(?:src|href)=(?!")/i);
  expect(html).toContain("60.0 %");
});

test("shows hostile names and never lets them become markup", async () => {
  const html = await reportHtml(report);

  expect(html).not.toContain("<script");
  expect(html).not.toContain("\u202E");
  expect(html.replace(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\sonload/);
  expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&lt;U+202E&gt;");
});

test("a curve over samples says on how many cases each point rests", async () => {
  expect(await reportHtml(report)).toContain(">10 (3)<");
});

test("a curve over probabilities is drawn from one point on, beside the line on which it should lie", async () => {
  const said: Measure = {
    ...at("reliability", 0.9, 1),
    at: { curve: "reliability", x: 0.9, axis: "probability" },
  };
  const html = await reportHtml({ ...report, arms: [{ name: "left out", measures: [said] }] });

  expect(html).toContain("share that is right");
  expect(html).toContain('stroke-dasharray="4,4"');
});

test("a curve over turns says so", async () => {
  const solved = [1, 2].map((x): Measure => ({
    ...at("solved", x, x / 4),
    at: { curve: "solved", x, axis: "turn" },
  }));
  const html = await reportHtml({ ...report, arms: [{ name: "think", measures: solved }] });

  expect(html).toContain("solved within t turns of feedback");
  expect(html).toContain(">turns<");
});
