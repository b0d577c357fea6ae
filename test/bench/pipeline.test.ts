import { describe, expect, test } from "vitest";
import { deployments } from "../../bench/pipeline/deployments.ts";
import { compare, measureOurs, modelSideOnly, withExecutions } from "../../bench/pipeline/measure.ts";
import { repairAll } from "../../bench/pipeline/ours.ts";
import { createDraws } from "../../bench/pipeline/workload/draws.ts";
import { rememberReadings } from "../../src/languages/remembered.ts";
import type { StageContext } from "../../src/pipeline/stage-context.ts";
import { makeSurroundings, makeWorld } from "../../bench/pipeline/world.ts";

const plain = await makeSurroundings();
const surroundings = { ...plain, language: rememberReadings(plain.language) };
const oneIssue = {
  deployment: deployments["fp8-2+1"],
  issues: 1,
  executions: modelSideOnly,
  seed: 1,
};

/** Executes nothing before somebody needs it. */
const whenNeeded = (context: StageContext): StageContext => ({
  ...context,
  sandbox: {
    ...context.sandbox,
    async run({ spareUntil, ...job }, signal) {
      if (spareUntil !== undefined) await aborted(AbortSignal.any([spareUntil, signal]));
      return context.sandbox.run(job, signal);
    },
  },
});

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

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

describe("with executions", () => {
  test("the product's schedule is near the ideal", async () => {
    const scenarios = [1, 2].map((seed) => ({ ...oneIssue, executions: withExecutions, seed }));

    expect((await compare(surroundings, scenarios)).oursOverIdeal).toBeLessThan(1.1);
  });

  test("what is run early costs a host with two slots nothing", async () => {
    const scenario = { ...oneIssue, executions: { ...withExecutions, slots: 2 } };

    const early = await measureOurs(surroundings, [scenario]);
    const late = await measureOurs(surroundings, [scenario], whenNeeded);

    expect(early.seconds).toBeLessThanOrEqual(late.seconds);
  });
});

test("the product's schedule is near the ideal and ten times as fast as the reference, on one issue", async () => {
  const compared = await compare(surroundings, [oneIssue]);

  expect(compared.oursOverIdeal).toBeLessThan(1.1);
  expect(compared.referenceOverOurs).toBeGreaterThan(10);
  expect(compared.gap).not.toBeNull();
});
