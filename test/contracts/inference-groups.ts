import { describe, expect, test } from "vitest";
import type { InferenceClient, SampleOutcome } from "../../src/ports/inference-client.ts";
import type { RecordedReplies } from "../../src/simulator/replies.ts";
import { sampleRequest } from "../fakes/sample-requests.ts";

export const sixtyCandidates = Array.from({ length: 60 }, (_, index) => `candidate ${index}`);

/** What the groups' part of the contract asks for. */
export const groupReplies: RecordedReplies["replies"] = {
  generate: sixtyCandidates.map((text) => [{ text }]),
  "judge-poc": [
    [{ text: "quick" }],
    [{ text: "quick as well" }],
    [{ text: "late", delayMs: 60_000 }],
    [{ text: "after a broken line", fault: "drop-midway", faultTimes: 1 }],
    [{ text: "beside it" }],
    [{ text: "never", fault: "overflow-400" }],
    [{ text: "nobody asks" }],
    [{ text: "alone" }],
  ],
};

/** What every InferenceClient does with `sampleMany`. Part of the contract in inference-client.ts. */
export function inferenceGroupContract(client: () => Promise<InferenceClient>): void {
  describe("asked for several samples of one question", () => {
    const askMany = async (
      stage: string,
      indices: readonly number[],
      signal = new AbortController().signal,
    ) =>
      (await client()).sampleMany(
        indices.map((index) => sampleRequest({ stage, index, seed: 1_000 + index })),
        signal,
      );
    const said = (outcome: SampleOutcome): string =>
      outcome.kind === "completed" ? outcome.completion.text : outcome.failure.reason;

    test("gives each its own answer, in the order of the requests", async () => {
      const outcomes = await Promise.all(await askMany("generate", [...sixtyCandidates.keys()]));

      expect(outcomes.map(said)).toEqual(sixtyCandidates);
    });

    test("counts the tokens of each", async () => {
      const outcomes = await Promise.all(await askMany("localize-lines", [0, 1, 2, 3]));

      for (const outcome of outcomes) {
        if (outcome.kind !== "completed") throw new Error("expected an answer");
        expect(outcome.completion.usage.completion).toBeGreaterThan(0);
        expect(outcome.completion.usage.completion).toBeLessThan(10);
        expect(outcome.completion.usage.prompt).toBeGreaterThan(0);
      }
    });

    test("settles one while another goes on, and frees both when it is cancelled", async () => {
      const controller = new AbortController();
      const [quick, late] = await askMany("judge-poc", [0, 2], controller.signal);
      if (quick === undefined || late === undefined) throw new Error("two samples");
      const pending = Symbol("pending");

      expect(said(await quick)).toBe("quick");
      expect(await Promise.race([late, Promise.resolve(pending)])).toBe(pending);
      controller.abort();
      await expect(late).rejects.toMatchObject({ code: "cancelled" });
      expect(said(await quick)).toBe("quick");
    });

    test("keeps the others when one fails", async () => {
      const outcomes = await Promise.all(await askMany("judge-poc", [0, 1, 5, 7]));

      expect(outcomes.map(said)).toEqual(["quick", "quick as well", "overflow", "alone"]);
    });

    test("asks again when the connection of several breaks", async () => {
      const outcomes = await Promise.all(await askMany("judge-poc", [3, 4]));

      expect(outcomes.map(said)).toEqual(["after a broken line", "beside it"]);
    });

    test("rejects all of them when it was cancelled before", async () => {
      const samples = await askMany("generate", [0, 1, 2], AbortSignal.abort());

      for (const sample of await Promise.allSettled(samples)) {
        expect(sample).toMatchObject({ status: "rejected", reason: { code: "cancelled" } });
      }
    });

    test("has nothing to say to no request", async () => {
      expect(await askMany("generate", [])).toEqual([]);
    });
  });
}
