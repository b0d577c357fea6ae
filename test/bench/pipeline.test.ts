import { describe, expect, test } from "vitest";
import { deployments } from "../../bench/pipeline/deployments.ts";
import { compare, modelSideOnly } from "../../bench/pipeline/measure.ts";
import { repairAll } from "../../bench/pipeline/ours.ts";
import { createDraws } from "../../bench/pipeline/workload/draws.ts";
import { rememberReadings } from "../../src/languages/remembered.ts";
import { makeSurroundings, makeWorld } from "../../bench/pipeline/world.ts";

const plain = await makeSurroundings();
const surroundings = { ...plain, language: rememberReadings(plain.language) };
const oneIssue = {
  deployment: deployments["fp8-2+1"],
  issues: 1,
  executions: modelSideOnly,
  seed: 1,
};

describe("the workload of the pipeline benchmark", () => {
  test("writes about nineteen distinct patches in sixty samples", () => {
    const distinct = Array.from({ length: 50 }, (_, issue) => {
      const { patch } = createDraws(1, issue);
      return new Set(Array.from({ length: 60 }, (_sample, index) => patch(`${index}/0`))).size;
    });

    const mean = distinct.reduce((sum, one) => sum + one, 0) / distinct.length;
    expect(mean).toBeGreaterThan(17.5);
    expect(mean).toBeLessThan(20.5);
  });

  test("asks prompts as long as those of the notes and ends in a patch that is stood behind", async () => {
    const world = makeWorld(surroundings, oneIssue);

    const [result] = await repairAll(world);

    expect(result).toMatchObject({ kind: "proposed", level: "validated" });
    const entries = world.simulation.journal.entries();
    const prompt = (stage: string) =>
      entries.find(({ sample }) => sample?.startsWith(stage))?.promptTokens ?? 0;
    const ratios = [
      prompt("localize-files") / 8_700,
      prompt("localize-lines") / 13_700,
      prompt("generate") / 7_700,
    ];
    expect(Math.min(...ratios)).toBeGreaterThan(0.9);
    expect(Math.max(...ratios)).toBeLessThan(1.1);
  });
});

test("the product's schedule is near the ideal and ten times as fast as the reference, on one issue", async () => {
  const compared = await compare(surroundings, [oneIssue]);

  expect(compared.oursOverIdeal).toBeLessThan(1.1);
  expect(compared.referenceOverOurs).toBeGreaterThan(10);
  expect(compared.gap).not.toBeNull();
});
