import type { Agent } from "undici";
import { z } from "zod";
import { asRepairError } from "../../domain/errors.ts";
import type { ChatMessage } from "../../domain/transcript.ts";
import type { Clock } from "../../ports/clock.ts";
import { cancelled, unlessCancelled } from "./cancellation.ts";
import type { Endpoint } from "./endpoint.ts";
import { probeGroup } from "./probe-group.ts";
import { ask, parsedJson } from "./probe-request.ts";
import { servedModels } from "./served-models.ts";
import type { ServedModel } from "./served-models.ts";

/** What a server can do for one model. */
export type Capabilities = {
  /** Largest `n` that one request may ask for; 1: it has none. */
  readonly groupLimit: number;
  /** Tokens of prompt and answer together, null when it does not tell. */
  readonly window: number | null;
  /** Whether it takes the `priority` field. */
  readonly priority: boolean;
  /** Whether requests that come together share the computation of their common prefix. */
  readonly sharesAtOnce: boolean;
  /** Tokens of the messages as given, chat template included; null where the server does not count them. */
  readonly countTokens: (messages: readonly ChatMessage[], signal: AbortSignal) => Promise<number | null>;
};

/** Learnt once per endpoint at the first question, and corrected when a server says otherwise. */
export type KnownCapabilities = {
  /** What cannot be learnt now is answered modestly and asked again later. Throws only RepairError `cancelled`. */
  of(endpoint: Endpoint, signal: AbortSignal): Promise<Capabilities>;
  /** A request for more than `limit` answers was refused, or only partly answered. */
  groupRefused(endpoint: Endpoint, limit: number): void;
};

export type CapabilityOptions = { readonly clock: Clock; readonly dispatcher: Agent };

/** What the OpenAI API itself allows. */
const largestGroup = 128;
/** A server that could not be asked is asked again after so long, in milliseconds. */
const askedAgainMs = 30_000;

type Learnt = { readonly capabilities: Capabilities; readonly until: number };

type Entry = { learnt: Promise<Learnt>; isAsking: boolean };

export function createCapabilities({ clock, dispatcher }: CapabilityOptions): KnownCapabilities {
  const known = new Map<string, Entry>();
  const limits = new Map<string, number>();
  /** Probes go on for the others when the caller who began them leaves; each has a time limit of its own. */
  const unbound = new AbortController().signal;

  async function learn(endpoint: Endpoint): Promise<Learnt> {
    const [model, group] = await Promise.all([
      modelOf(endpoint, dispatcher, unbound),
      probeGroup(endpoint, dispatcher, unbound),
    ]);
    const { groups, priority } = group;
    const sure = group.sure && model !== undefined;
    const owner = model?.owner ?? null;
    return {
      capabilities: {
        groupLimit: groups ? largestGroup : 1,
        window: model?.window ?? null,
        priority,
        sharesAtOnce: owner === null || owner === "vllm",
        countTokens: tokenCounter(endpoint, dispatcher),
      },
      until: sure ? Infinity : clock.now() + askedAgainMs,
    };
  }

  async function learnt(endpoint: Endpoint): Promise<Capabilities> {
    const entry: Entry = known.get(keyOf(endpoint)) ?? { learnt: learn(endpoint), isAsking: false };
    known.set(keyOf(endpoint), entry);
    const { capabilities, until } = await entry.learnt;
    // Calls go on with the modest answer meanwhile: a server that hangs would hold up every one of them.
    if (clock.now() >= until && !entry.isAsking) void learnAnew(entry, endpoint);
    return capabilities;
  }

  async function learnAnew(entry: Entry, endpoint: Endpoint): Promise<void> {
    entry.isAsking = true;
    entry.learnt = Promise.resolve(await learn(endpoint));
    entry.isAsking = false;
  }

  return {
    async of(endpoint, signal) {
      const capabilities = await unlessCancelled(signal, () => learnt(endpoint));
      const limit = limits.get(keyOf(endpoint)) ?? largestGroup;
      return { ...capabilities, groupLimit: Math.min(capabilities.groupLimit, limit) };
    },
    groupRefused(endpoint, limit) {
      const key = keyOf(endpoint);
      const lowest = Math.min(limits.get(key) ?? largestGroup, Math.floor(limit));
      limits.set(key, Math.max(1, Number.isNaN(lowest) ? 1 : lowest));
    },
  };
}

const keyOf = ({ baseUrl, model }: Endpoint): string => `${model} ${baseUrl}`;

/** Undefined when the server could not be asked; null when it does not tell. */
async function modelOf(
  endpoint: Endpoint,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<ServedModel | null | undefined> {
  try {
    const models = await servedModels(endpoint, dispatcher, signal);
    const only = models.length === 1 ? models[0] : undefined;
    return models.find(({ id }) => id === endpoint.model) ?? only ?? null;
  } catch (error) {
    return asRepairError(error).code === "inference-unreachable" ? undefined : null;
  }
}

const Count = z.looseObject({ count: z.int().nonnegative() });
const countTimeoutMs = 10_000;

/** vLLM's `/tokenize`; a server that does not know it is not asked twice. */
function tokenCounter(endpoint: Endpoint, dispatcher: Agent): Capabilities["countTokens"] {
  let isServed = true;
  return async (messages, signal) => {
    if (!isServed) return null;
    const body = { model: endpoint.model, messages };
    const request = { path: "/tokenize", root: true, body, timeoutMs: countTimeoutMs };
    const answer = await ask(endpoint, dispatcher, request, signal);
    if (signal.aborted) throw cancelled(signal);
    if (answer === null || answer.status >= 500 || answer.status === 429) return null;
    const counted = Count.safeParse(parsedJson(answer.text));
    isServed = answer.status === 200 && counted.success;
    return counted.data?.count ?? null;
  };
}
