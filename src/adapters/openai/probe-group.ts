import type { Agent } from "undici";
import { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { ask, parsedJson } from "./probe-request.ts";

/** What a server takes in one request; `sure` is false when it could not be asked. */
export type GroupProbe = {
  /** Whether it gave two answers to one request. */
  readonly groups: boolean;
  /** Whether it takes the `priority` field. */
  readonly priority: boolean;
  readonly sure: boolean;
};

const timeoutMs = 20_000;

const Choices = z.looseObject({ choices: z.array(z.unknown()) });

/** `null`: no answer that tells anything. Servers refuse fields with 400 or 422. */
type Reaction = { readonly accepted: boolean; readonly choices: number } | null;

/** One call of two tokens where everything is there; three where something is refused. */
export async function probeGroup(
  endpoint: Endpoint,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<GroupProbe> {
  const react = async (fields: object): Promise<Reaction> => {
    const body = { ...oneToken, model: endpoint.model, ...fields };
    const answer = await ask(endpoint, dispatcher, { path: "/chat/completions", body, timeoutMs }, signal);
    if (answer?.status === 400 || answer?.status === 422) return { accepted: false, choices: 0 };
    if (answer?.status !== 200) return null;
    const read = Choices.safeParse(parsedJson(answer.text));
    return read.success ? { accepted: true, choices: read.data.choices.length } : null;
  };
  const both = await react({ n: 2, priority: 1 });
  if (both === null) return { groups: false, priority: false, sure: false };
  if (both.accepted) return { groups: both.choices >= 2, priority: true, sure: true };
  const groups = await react({ n: 2 });
  const priority = await react({ priority: 1 });
  return {
    groups: (groups?.choices ?? 0) >= 2,
    priority: priority?.accepted ?? false,
    sure: groups !== null && priority !== null,
  };
}

/** Not at temperature 0, for which vLLM refuses n. */
export const oneToken = {
  messages: [{ role: "user", content: "Say yes." }],
  max_tokens: 1,
  temperature: 0.7,
  stream: false,
};
