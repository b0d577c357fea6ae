import type { ServerResponse } from "node:http";
import { onTestFinished } from "vitest";
import type { OpenAiClientOptions } from "../../../src/adapters/openai/client.ts";
import type { InferenceClient, SampleOutcome, SampleRequest } from "../../../src/ports/inference-client.ts";
import { sampleRequest } from "../../fakes/sample-requests.ts";
import { localClient } from "./local-client.ts";
import { chunkOf, startServer, takesGroups } from "./raw-server.ts";
import type { RawServer, Surroundings } from "./raw-server.ts";

type Handler = (response: ServerResponse) => void;

/** A server that takes several choices in one request, and a client for it; both end with the test. */
export async function groupServer(
  handlers: readonly Handler[],
  options: Partial<OpenAiClientOptions> = {},
  surroundings: Surroundings = {},
): Promise<{ readonly server: RawServer; readonly client: InferenceClient }> {
  const server = await startServer(handlers, { probe: takesGroups, ...surroundings });
  onTestFinished(() => server.stop());
  return { server, client: localClient(server.url, null, options) };
}

/** So many neighbouring samples of one question; sample i has the seed 100 + i. */
export const neighbours = (count: number, fields: Partial<SampleRequest> = {}): readonly SampleRequest[] =>
  Array.from({ length: count }, (_, index) =>
    sampleRequest({ stage: "generate", index, seed: 100 + index, ...fields }),
  );

export const askAll = (
  client: InferenceClient,
  requests: readonly SampleRequest[],
  signal = new AbortController().signal,
): Promise<readonly SampleOutcome[]> => Promise.all(client.sampleMany(requests, signal));

/** The text of an answer, or why there is none. */
export const textOf = (outcome: SampleOutcome | undefined): string | undefined =>
  outcome?.kind === "completed" ? outcome.completion.text : outcome?.failure.reason;

/** Each call as it was asked: its seed and how many choices it wanted. */
export const asked = (server: RawServer): readonly (readonly [seed: number, n: number])[] =>
  server.requests.map(({ body }) => {
    const { seed, n } = JSON.parse(body) as { seed: number; n: number };
    return [seed, n];
  });

/** The whole answer of a choice in one event. */
export const whole = (index: number, content = `answer ${index}`): string =>
  chunkOf(index, { content }, "stop");

export const usageOf = (prompt: number, completion: number) => ({
  usage: { prompt_tokens: prompt, completion_tokens: completion },
});
