import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { RepairResult } from "../../src/domain/evidence.ts";
import { repair } from "../../src/pipeline/repair.ts";
import { lines, scheduledStage, type Kind, type Sketch } from "./scheduled-stage.ts";

const sketch: fc.Arbitrary<Sketch> = fc.record({
  kind: fc.constantFrom(...(Object.keys(lines) as Kind[])),
  remark: fc.nat(3),
  reasoning: fc.nat(9),
});
const of = (kind: Kind) => sketch.map((one) => ({ ...one, kind }));
const mostlyGood = fc.oneof(
  { weight: 5, arbitrary: of("good") },
  { weight: 3, arbitrary: of("alsoGood") },
  { weight: 1, arbitrary: sketch },
);
const samples = fc.array(sketch, { minLength: 1, maxLength: 8 });
const manySamples = fc.array(mostlyGood, { minLength: 6, maxLength: 10 });
const reviews = fc.option(fc.array(fc.option(sketch), { minLength: 10, maxLength: 10 }), { freq: 1 });

/** All that is published or shown of the choice. */
const choiceOf = ({ kind, evidence }: RepairResult) => ({
  kind,
  samples: evidence.samples,
  rejected: evidence.rejected,
  decidedBy: evidence.ranking.decidedBy,
  ordered: evidence.ranking.ordered.map(({ candidate, verdict, size }) => [candidate, verdict, size]),
});
const winnerOf = ({ evidence }: RepairResult) => evidence.ranking.ordered[0];

/** Dozens of whole repairs: a slow and busy machine needs minutes for them. */
const timeout = 240_000;

test("the order in which calls and executions end changes nothing that comes out", { timeout }, async () => {
  await fc.assert(
    fc.asyncProperty(samples, reviews, fc.scheduler(), async (drawn, reviewed, order) => {
      const scene = { samples: drawn, reviews: reviewed, schedule: { earlyStop: false } };
      const plain = await repair((await scheduledStage(scene, null)).context);

      const shuffled = await order.waitFor(repair((await scheduledStage(scene, order)).context));

      expect(choiceOf(shuffled)).toEqual(choiceOf(plain));
    }),
    { numRuns: 25 },
  );
});

test("the early stop changes neither who wins nor what is shown about it", { timeout }, async () => {
  let stopped = 0;
  await fc.assert(
    fc.asyncProperty(manySamples, reviews, fc.scheduler(), async (drawn, reviewed, order) => {
      const scene = { samples: drawn, reviews: reviewed, schedule: { earlyStop: false } };
      const whole = await repair((await scheduledStage(scene, null)).context);

      const early = { ...scene, schedule: { earlyStop: true } };
      const short = await order.waitFor(repair((await scheduledStage(early, order)).context));

      const [expected, actual] = [winnerOf(whole), winnerOf(short)];
      expect(short.kind).toBe(whole.kind);
      expect(actual?.candidate.id).toBe(expected?.candidate.id);
      expect(actual?.verdict.tests).toEqual(expected?.verdict.tests);
      expect(short.evidence.samples + short.evidence.unneeded).toBe(drawn.length);
      // A sample that was not needed may have been the plainest of its class.
      const allWritten = actual?.candidate.samples.length === expected?.candidate.samples.length;
      expect(actual?.candidate.patch).toBe((allWritten ? expected : actual)?.candidate.patch);
      if (short.evidence.unneeded > 0) stopped += 1;
    }),
    { numRuns: 25 },
  );
  expect(stopped).toBeGreaterThan(3);
});
