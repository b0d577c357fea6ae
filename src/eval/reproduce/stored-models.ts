import { z } from "zod";
import { roles, type Role } from "../../domain/transcript.ts";
import type { InferenceClient, SampleOutcome } from "../../ports/inference-client.ts";

/** What a run needs to know of the models that answered it: their names and windows are part of what was asked. */
export const StoredModels = z.record(
  z.enum(roles),
  z.object({ model: z.string(), window: z.number().nullable() }),
);
export type StoredModels = z.infer<typeof StoredModels>;

export async function modelsOf(client: InferenceClient, signal: AbortSignal): Promise<StoredModels> {
  const of = async (role: Role) => ({ model: client.model(role), window: await client.window(role, signal) });
  const [generation, asserting, printing] = await Promise.all([
    of("loc-gen"),
    of("val-assert"),
    of("val-no-assert"),
  ]);
  return { "loc-gen": generation, "val-assert": asserting, "val-no-assert": printing };
}

export type StoredOnly = {
  readonly client: InferenceClient;
  /** Samples that no journal held. */
  readonly missing: () => number;
};

/**
 * A client that knows the models and asks nobody. What no journal holds has failed, as it had when it was asked for or when
 * the pipeline asks otherwise by now; how many these are is counted.
 */
export function storedOnly(models: StoredModels): StoredOnly {
  let missing = 0;
  const fail = (): Promise<SampleOutcome> => {
    missing += 1;
    const failure = { reason: "protocol", detail: "not among the stored transcripts" } as const;
    return Promise.resolve({ kind: "failed", failure });
  };
  const client: InferenceClient = {
    sample: fail,
    sampleMany: (requests) => requests.map(fail),
    window: (role) => Promise.resolve(models[role].window),
    model: (role) => models[role].model,
    check: () => Promise.resolve(roles.map((role) => ({ role, ok: true, detail: "stored transcripts" }))),
  };
  return { client, missing: () => missing };
}
