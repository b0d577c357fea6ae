import { z } from "zod";
import type { Agent } from "undici";
import { RepairError } from "../../domain/errors.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { describeEndpoint } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { failureOf } from "./failure.ts";
import type { AttemptFailure } from "./failure.ts";
import { parsedJson } from "./probe-request.ts";
import { sdkFor } from "./sdk.ts";

/**
 * What a server says of one model; `window` and `owner`, which engines put their own name into, are null when it does not
 * tell, `parent` when it is no adapter of another, `root` (where the weights lie, or their repository) when it does not say.
 */
export type ServedModel = {
  readonly id: string;
  readonly window: number | null;
  readonly owner: string | null;
  readonly parent: string | null;
  readonly root: string | null;
};

const ModelList = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      owned_by: z.string().nullish().catch(null),
      max_model_len: z.number().nullish(),
      parent: z.string().nullish(),
      root: z.string().nullish().catch(null),
      // llama-server's place for it.
      meta: z.looseObject({ n_ctx: z.number().nullish() }).nullish(),
    }),
  ),
});

const largestList = 8 * 1024 * 1024;
const listTimeoutMs = 30_000;

/** The endpoint's models; throws RepairError `inference-unreachable` or `inference-misconfigured`. */
export async function servedModels(
  endpoint: Endpoint,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<readonly ServedModel[]> {
  const wire = boundedFetch(dispatcher, largestList, endpoint.apiKey === null);
  const limited = AbortSignal.any([signal, AbortSignal.timeout(listTimeoutMs)]);
  const pieces: Uint8Array[] = [];
  try {
    await sdkFor(endpoint, wire).get("/models", { signal: limited }).asResponse();
    await wire.read((piece) => pieces.push(piece) > 0);
  } catch (error) {
    throw asListError(error, failureOf(error, endpoint, wire.refusal()), endpoint);
  }
  const parsed = ModelList.safeParse(parsedJson(Buffer.concat(pieces).toString("utf8")));
  if (!parsed.success) {
    throw new RepairError(
      "inference-misconfigured",
      `${describeEndpoint(endpoint)} has no model list at /models; it is not an OpenAI-compatible server`,
    );
  }
  return parsed.data.data.map((model) => ({
    id: model.id,
    window: model.max_model_len ?? model.meta?.n_ctx ?? null,
    owner: model.owned_by ?? null,
    parent: model.parent ?? null,
    root: model.root ?? null,
  }));
}

function asListError(cause: unknown, failure: AttemptFailure, endpoint: Endpoint): RepairError {
  const isAway = failure.kind === "failed" || failure.kind === "unreachable";
  const detail = failure.kind === "failed" ? failure.failure.detail : failure.detail;
  const code = isAway ? "inference-unreachable" : "inference-misconfigured";
  return new RepairError(code, `${describeEndpoint(endpoint)}: ${detail}`, { cause });
}
