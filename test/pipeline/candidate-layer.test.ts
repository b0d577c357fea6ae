import { describe, expect, test } from "vitest";
import { knownMeasures, validate } from "../../src/pipeline/validate.ts";
import { exited } from "../fakes/fake-sandbox.ts";
import { atItsEnd } from "../fixtures/poc-end.ts";
import { makeStage } from "../fixtures/stage-context.ts";
import { candidate, poc, tests, verdictOf } from "./verdict-of.ts";

describe("a candidate that changes what is installed", () => {
  test("runs in a layer of its own", async () => {
    const { jobs } = await verdictOf([poc("asserting-1", "asserting")], (c) => atItsEnd(c, exited(0)), [], {
      place: { kind: "layer", reference: "layer-1" },
    });

    expect(jobs.map((job) => job.environment)).toEqual(
      ["layer-1", "layer-1", "layer-1"].slice(0, jobs.length),
    );
  });

  test("is not executed again by a process in which the layer bears another name", async () => {
    const { context, sandbox } = await makeStage({ answer: (command) => atItsEnd(command, exited(0)) });
    const inLayer = (reference: string) => ({
      ...context,
      environments: { placeFor: () => Promise.resolve({ kind: "layer", reference } as const) },
    });
    const measures = knownMeasures([poc("asserting-1", "asserting")], tests);
    await validate(inLayer("layer-1"), candidate, measures);
    const executed = sandbox.jobs.length;

    await validate(inLayer("layer-2"), candidate, measures);
    await validate(context, candidate, measures);

    expect(executed).toBeGreaterThan(0);
    expect(sandbox.jobs).toHaveLength(2 * executed);
  });

  test("runs nothing when that cannot be installed, and says why", async () => {
    const { verdict, jobs } = await verdictOf([poc("asserting-1", "asserting")], () => exited(0), [], {
      place: { kind: "unable", reason: "pip found no such version" },
    });

    expect(jobs).toEqual([]);
    expect(verdict).toMatchObject({
      pocs: [{ result: "inconclusive", reason: "pip found no such version" }],
      tests: { kind: "not-run", because: "cannot-run", reason: "pip found no such version" },
    });
  });
});
