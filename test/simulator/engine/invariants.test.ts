import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { EngineParameters } from "../../../src/simulator/engine/parameters.ts";
import { runEngine, small, type Arrival } from "./engine-run.ts";

const arrivals: fc.Arbitrary<readonly Arrival[]> = fc.array(
  fc.record({
    at: fc.nat(2_000),
    group: fc.nat(2),
    shared: fc.nat(150),
    own: fc.integer({ min: 1, max: 150 }),
    outputs: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
    priority: fc.nat(2),
    abortAfter: fc.option(fc.nat(3_000), { freq: 6 }),
  }),
  { maxLength: 12 },
);
const parameters: fc.Arbitrary<EngineParameters> = fc
  .record({
    policy: fc.constantFrom("fcfs" as const, "priority" as const),
    prefixCache: fc.boolean(),
    cascade: fc.boolean(),
    maxQueuedSequences: fc.option(fc.integer({ min: 4, max: 30 }), { freq: 3 }),
  })
  .map((fields) => ({ ...small, ...fields }));

const runs = { numRuns: 40 };

test("ends every answer exactly once, or rejects the whole request", async () => {
  await fc.assert(
    fc.asyncProperty(parameters, arrivals, async (engine, requests) => {
      const { ends } = await runEngine(engine, requests);

      const wrong = requests.filter(({ outputs, abortAfter }, index) => {
        const own = ends[index] ?? null;
        if (own === null) return engine.maxQueuedSequences === null;
        const mustFinish = abortAfter === null;
        return own.length !== outputs.length || own.some(({ reason }) => mustFinish && reason !== "finished");
      });
      expect(wrong).toEqual([]);
    }),
    runs,
  );
});

test("generates what was asked for and accounts for every token", async () => {
  await fc.assert(
    fc.asyncProperty(parameters, arrivals, async (engine, requests) => {
      const { ends, counters } = await runEngine(engine, requests);
      const all = ends.flatMap((own) => own ?? []);
      const finished = all.filter(({ reason }) => reason === "finished");

      const wanted = requests.flatMap(({ outputs }, index) => (ends[index] === null ? [] : outputs));
      const generated = all.reduce((sum, { generatedTokens }) => sum + generatedTokens, 0);
      expect(counters.generatedTokens).toBe(generated);
      const allFinished = finished.length === all.length;
      expect(generated).toBe(allFinished ? wanted.reduce((sum, one) => sum + one, 0) : generated);
      const prompts = all.reduce((sum, end) => sum + end.promptTokens, 0);
      const read = counters.prefillTokens + counters.cachedTokens;
      expect(allFinished && counters.preemptions === 0 ? read : prompts).toBe(prompts);
      expect(engine.prefixCache || counters.cachedTokens === 0).toBe(true);
    }),
    runs,
  );
});

test("stays within memory and slots, and leaves nothing behind", async () => {
  await fc.assert(
    fc.asyncProperty(parameters, arrivals, async (engine, requests) => {
      const { counters, mostRunning, highestKvUsage } = await runEngine(engine, requests);

      expect(highestKvUsage).toBeLessThanOrEqual(1);
      expect(mostRunning).toBeLessThanOrEqual(engine.maxSequences);
      expect(counters).toMatchObject({ running: 0, waiting: 0, kvUsage: 0 });
    }),
    runs,
  );
});

test("keeps the order of an answer's times", async () => {
  await fc.assert(
    fc.asyncProperty(parameters, arrivals, async (engine, requests) => {
      const { ends } = await runEngine(engine, requests);

      for (const end of ends.flatMap((own) => own ?? [])) {
        const { arrivedAt, startedAt, firstTokenAt, endedAt } = end;
        const times = [arrivedAt, startedAt, firstTokenAt, endedAt].filter((time) => time !== null);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }
    }),
    runs,
  );
});

test("runs the same twice", async () => {
  await fc.assert(
    fc.asyncProperty(parameters, arrivals, async (engine, requests) => {
      expect(await runEngine(engine, requests)).toEqual(await runEngine(engine, requests));
    }),
    { numRuns: 20 },
  );
});
