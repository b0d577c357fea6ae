import type { Agent } from "undici";
import { asRepairError } from "../../domain/errors.ts";
import type { Role } from "../../domain/transcript.ts";
import type { EndpointCheck } from "../../ports/inference-client.ts";
import { cancelled } from "./cancellation.ts";
import { describeEndpoint } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { servedModels } from "./served-models.ts";

/**
 * Window of the endpoints' model, from the first server that answers. Throws RepairError as `servedModels` does when
 * none does.
 */
export async function windowOf(
  [first, ...others]: readonly Endpoint[],
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<number | null> {
  if (first === undefined) return null;
  try {
    const models = await servedModels(first, dispatcher, signal);
    const served =
      models.find(({ id }) => id === first.model) ?? (models.length === 1 ? models[0] : undefined);
    return served?.window ?? null;
  } catch (error) {
    if (others.length === 0 || signal.aborted) throw error;
    return windowOf(others, dispatcher, signal);
  }
}

/** Whether the endpoint is there and serves its model. */
export async function checkEndpoint(
  role: Role,
  endpoint: Endpoint,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<EndpointCheck> {
  try {
    const models = await servedModels(endpoint, dispatcher, signal);
    const served = models.find(({ id }) => id === endpoint.model);
    if (served !== undefined) {
      const detail = `${describeEndpoint(endpoint)}, window ${served.window ?? "unknown"}`;
      return { role, ok: true, detail };
    }
    const names = models.map(({ id }) => id).slice(0, 5);
    const detail = `${describeEndpoint(endpoint)} is not served there; served: ${names.join(", ")}`;
    return { role, ok: false, detail };
  } catch (error) {
    if (signal.aborted) throw cancelled(signal);
    return { role, ok: false, detail: asRepairError(error).message };
  }
}
