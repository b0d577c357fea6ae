import { expect, test } from "vitest";
import type { Compared } from "../../bench/pipeline/measure.ts";
import { tableOf } from "../../bench/pipeline/table.ts";
import { targetsOf, verdictOn } from "../../bench/pipeline/targets.ts";

const tokens = {
  localization: 9_000,
  candidates: 135_000,
  critiques: 25_000,
  scripts: 10_000,
  judges: 5_000,
};

const compared: Compared = {
  oursSeconds: 150,
  idealSeconds: 140,
  referenceSeconds: 2_800,
  oursOverIdeal: 150 / 140,
  referenceOverOurs: 2_800 / 150,
  gpuSecondsPerIssue: 360,
  planGpuSeconds: 300,
  gpuOverPlan: 1.2,
  gpuOverPlanPerToken: 1,
  gpuBusy: 0.85,
  busyByGpu: { first: 1, third: 0.7 },
  idleByGpu: {
    first: { before: 0, between: 0, after: 0 },
    third: { before: 0.05, between: 0.15, after: 0.1 },
  },
  idealGpuBusy: 0.92,
  idealGpuSecondsPerIssue: 345,
  referenceGpuSecondsPerIssue: 2_800,
  tokens,
  idealTokens: tokens,
  gap: null,
};
const figures = { issues: { "1": compared, "32": compared }, withExecutions: {}, orchestrator: null };

test("each target says whether it is met, and one that is missed whether the ideal misses it too", () => {
  expect(targetsOf(figures).map((one) => [one.what, verdictOn(one)])).toEqual([
    ["time / ideal, 1, models only", "met"],
    ["reference's time / ours, 1, models only", "met"],
    ["GPU seconds an issue / plan, 1, models only", "missed, by the ideal too"],
    ["reference's time / ours, 32, models only", "met"],
    ["GPU seconds an issue / plan, 32, models only", "missed, by the ideal too"],
    ["GPU busy, 32, models only", "MISSED, the ideal meets it"],
  ]);
});

test("the bot's own limits have no ideal", () => {
  const orchestrator = {
    cpuPercentAt2000TokensPerSecond: 6,
    memoryMbAt32Issues: 250,
    tokensPerSecond: 3_000,
  };

  expect(targetsOf({ issues: {}, withExecutions: {}, orchestrator }).map(verdictOn)).toEqual([
    "MISSED",
    "met",
  ]);
});

test("people see each GPU's idle time, every split and every target", () => {
  const splits = { four: { gpuBusy: 0.91, gpuSecondsPerIssue: 143, issuesPerGpuHour: 22.9 } };
  const report = { ...figures, deployment: "three", deployments: {}, splits, ablation: {} };

  const table = tableOf({ ...report, targets: targetsOf(figures) });

  expect(table).toMatch(/four +0\.91 +143 +22\.9/);
  expect(table).toMatch(/32: third +0\.70 +0\.05 +0\.15 +0\.10/);
  expect(table).toMatch(/GPU busy, 32, models only +at least 0\.9 +0\.85 +0\.92 +MISSED, the ideal meets it/);
});
