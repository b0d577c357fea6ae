import { RepairError } from "../../domain/errors.ts";
import { Usage, type Role } from "../../domain/transcript.ts";
import type { InferenceClient, SampleOutcome } from "../../ports/inference-client.ts";
import type { Metrics } from "./metrics.ts";

/** A client that counts calls and tokens of each role. */
export function measuredInference(
  client: InferenceClient,
  metrics: Pick<Metrics, "modelCalls" | "modelTokens">,
): InferenceClient {
  const { modelCalls, modelTokens } = metrics;
  const forRepository = client.forRepository?.bind(client);
  const count = (role: Role, outcome: string, usage: Usage | null): void => {
    modelCalls.inc({ role, outcome });
    if (usage === null) return;
    modelTokens.inc({ role, direction: "in" }, usage.prompt);
    modelTokens.inc({ role, direction: "out" }, usage.completion);
  };
  const counted = async (role: Role, sample: Promise<SampleOutcome>): Promise<SampleOutcome> => {
    try {
      const outcome = await sample;
      if (outcome.kind === "completed") count(role, "completed", outcome.completion.usage);
      else count(role, outcome.failure.reason, null);
      return outcome;
    } catch (error) {
      if (error instanceof RepairError) count(role, error.code, usageOf(error));
      else count(role, "internal", null);
      throw error;
    }
  };
  return {
    ...client,
    sample: (request, signal) => counted(request.role, client.sample(request, signal)),
    sampleMany: (requests, signal) =>
      client.sampleMany(requests, signal).map((sample, index) => {
        const role = requests[index]?.role;
        return role === undefined ? sample : counted(role, sample);
      }),
    ...(forRepository === undefined
      ? {}
      : { forRepository: (repository: string) => measuredInference(forRepository(repository), metrics) }),
  };
}

/** What had been written when a call was broken off. */
const usageOf = ({ data }: RepairError): Usage | null => Usage.safeParse(data["usage"]).data ?? null;
