import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InferenceClient } from "../../../src/ports/inference-client.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import type { Peer } from "../../simulator/llama/peer-suite.ts";
import { askAll, neighbours } from "./group-call.ts";
import { localClient } from "./local-client.ts";

const asks = (content: string) => [{ role: "user" as const, content }];

/** The client against a llama-server with the scripted model, 4 slots and a window of 1,024 tokens in each. */
export function llamaClientSuite(name: string, start: () => Promise<Peer>): void {
  describe(`the openai client against ${name}`, () => {
    let peer: Peer;
    let client: InferenceClient;
    beforeAll(async () => {
      peer = await start();
      const seconds = 20_000;
      const timeouts = {
        headersMs: seconds,
        firstTokenMs: seconds,
        betweenChunksMs: seconds,
        totalMs: 60_000,
      };
      client = localClient(peer.url, "k", { timeouts });
    });
    afterAll(() => peer.stop());
    const { signal } = new AbortController();

    test("gives twelve neighbours their own answers, four at a time, with the server's counts", async () => {
      const outcomes = await askAll(client, neighbours(12, { messages: asks("hi"), maxTokens: 256 }));

      const completions = outcomes.map((outcome) => {
        if (outcome.kind !== "completed") throw new Error(outcome.failure.detail);
        return outcome.completion;
      });
      expect(new Set(completions.map(({ text }) => text))).toEqual(new Set(["Yes, fixed.", "No, broken!"]));
      for (const { reasoning, finish, usage } of completions) {
        expect(reasoning).toBe("The report names one file.");
        expect(finish).toBe("stop");
        expect(usage.estimated).toBe(false);
        expect(usage.completion).toBeGreaterThan(3);
      }
    });

    test("knows the window", async () => {
      expect(await client.window("loc-gen", signal)).toBeGreaterThanOrEqual(1_024);
    });

    test("says how long a prompt is that does not fit", async () => {
      const outcome = await client.sample(sampleRequest({ messages: asks("x".repeat(9_000)) }), signal);

      expect(outcome).toMatchObject({ kind: "failed", failure: { reason: "overflow" } });
      expect(outcome).toMatchObject({
        failure: { detail: expect.stringMatching(/\d{4,} .*1024/) as string },
      });
    });

    test("frees the slots of a group that is cancelled", async () => {
      const controller = new AbortController();
      const samples = client.sampleMany(
        neighbours(4, { messages: asks("~"), maxTokens: 900 }),
        controller.signal,
      );
      const ended = Promise.allSettled(samples);
      controller.abort();
      for (const sample of await ended) expect(sample).toMatchObject({ reason: { code: "cancelled" } });

      const next = await client.sample(sampleRequest({ messages: asks("hi"), maxTokens: 256 }), signal);

      expect(next).toMatchObject({ kind: "completed" });
    });

    test("stops everything when the key is wrong", async () => {
      const stranger = localClient(peer.url, "not the key");

      await expect(stranger.sample(sampleRequest({ messages: asks("hi") }), signal)).rejects.toMatchObject({
        code: "inference-misconfigured",
      });
    });
  });
}
