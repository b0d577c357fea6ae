import { RepairError } from "../../domain/errors.ts";
import type { Completion } from "../../domain/transcript.ts";
import { countedSizes, fittingTokens } from "./answer-room.ts";
import { attemptSamples } from "./attempt.ts";
import type { AttemptEnd } from "./attempt.ts";
import type { CallEnd } from "./breaker.ts";
import type { ChoiceEnd } from "./choices.ts";
import { describeEndpoint, requestMs } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import { failed } from "./failure.ts";
import type { AttemptFailure } from "./failure.ts";
import { groupLimitIn } from "./groups.ts";
import type { NonEmpty } from "./groups.ts";
import type { PendingSample } from "./pending-sample.ts";
import type { PrefixGate } from "./prefix-gate.ts";
import type { Taken } from "./replicas.ts";
import { headersOf, sampleName, withSystem } from "./request-body.ts";
import type { ServeDeps } from "./serve-deps.ts";
import { truncationIn } from "./silent-truncation.ts";

export type Call = {
  readonly members: NonEmpty<PendingSample>;
  readonly taken: Taken;
  /** The server taken, with the name of the model that is asked for. */
  readonly endpoint: Endpoint;
  readonly maxTokens: number;
  readonly startedAt: number;
  readonly gate: PrefixGate;
  /** An answer that ended inside its reasoning; `room`: tokens that any answer to this prompt may have, null when unknown. */
  unfinishedThought(member: PendingSample, completion: Completion, room: ThoughtRoom): void;
};

/** What a longer answer may have. */
export type ThoughtRoom = { readonly prompt: number | null; readonly window: number | null };

/** What one request has led to; the members that got no outcome are still open. */
export type CallResult =
  | { readonly kind: "complete" }
  /** To be asked again in groups of at most so many, or for so many tokens. Nothing is wrong. */
  | { readonly kind: "smaller-groups"; readonly limit: number }
  | { readonly kind: "shorter-answers"; readonly maxTokens: number }
  | { readonly kind: "failed"; readonly failure: AttemptFailure };

/** One request to the server taken. Says there how it ended and gives the seats back. Throws RepairError `cancelled`. */
export async function callServer(deps: ServeDeps, call: Call, signal: AbortSignal): Promise<CallResult> {
  let end: CallEnd = "aborted";
  try {
    const { result, seen } = await requestOf(deps, call, signal);
    if (!signal.aborted) end = seen;
    return result;
  } finally {
    call.taken.seats.release();
    call.taken.ended(end);
  }
}

async function requestOf(
  deps: ServeDeps,
  call: Call,
  signal: AbortSignal,
): Promise<{ result: CallResult; seen: CallEnd }> {
  const { members, taken, endpoint } = call;
  const [{ request: first }] = members;
  // An adapter has the window and the tokenizer of its base, and is not in the model list before it is first asked for.
  const known = await deps.capabilities.of(taken.endpoint, signal);
  deps.groupLimits.set(first.role, known.groupLimit);
  if (members.length > known.groupLimit) {
    return { result: { kind: "smaller-groups", limit: known.groupLimit }, seen: "aborted" };
  }
  const sizes = await countedSizes(known, first, call.maxTokens, endpoint, signal);
  const fitting = sizes === null ? call.maxTokens : tokensWithin(call, sizes.prompt, sizes.window);
  if (typeof fitting !== "number") return { result: { kind: "failed", failure: fitting }, seen: "aborted" };
  const requests = [first, ...members.slice(1).map(({ request }) => request)] as const;
  deps.retryBudget.asked(first.run);
  const { timeouts } = deps;
  const { open } = known.sharesAtOnce ? nobodyWaits : await call.gate.enter(endpoint.baseUrl);
  const end = await attemptSamples(
    {
      requests,
      endpoint,
      maxTokens: fitting,
      prioritized: known.priority,
      dispatcher: deps.dispatcher,
      timeouts,
      headers: headersOf(first, deps.affinity.of(requests), deps.headerNames),
      remainingMs: Math.min(
        call.startedAt + timeouts.totalMs - deps.clock.now(),
        requestMs(fitting, timeouts),
      ),
      pulse: deps.pulses.of(endpoint),
      estimate: deps.estimates.of(first.stage),
      onFirstToken: open,
    },
    (position, ended) => {
      const member = members[position];
      if (member !== undefined) memberEnded(deps, call, member, ended, known.window);
    },
    signal,
  );
  open();
  if (signal.aborted) return { result: { kind: "complete" }, seen: "aborted" };
  return { result: resultOf(deps, call, fitting, end, known.window), seen: stateOf(end) };
}

const nobodyWaits = { open: (): void => undefined };

const tokensWithin = (call: Call, prompt: number | null, window: number | null): number | AttemptFailure => {
  const [{ request }] = call.members;
  if (prompt !== null && window !== null && prompt + call.maxTokens <= window) return call.maxTokens;
  return fittingTokens(request, call.maxTokens, { prompt, window }, "");
};

function memberEnded(
  deps: ServeDeps,
  call: Call,
  member: PendingSample,
  end: ChoiceEnd,
  window: number | null,
): void {
  const { endpoint, taken } = call;
  const { request } = member;
  if (end.kind === "left") return member.cost(end.usage);
  if (end.kind === "too-long") {
    return member.settle({ kind: "failed", failure: { reason: "too-long", detail: end.detail } });
  }
  taken.seats.release(1);
  const cut =
    end.prompt === null ? null : truncationIn(withSystem(request.messages, endpoint.system), end.prompt);
  if (cut !== null) return member.fail(misconfigured(endpoint, cut));
  const completion: Completion = {
    ...end.answer,
    finish: end.finish,
    model: deps.modelNames.of(endpoint, end.model),
    usage: end.usage,
    milliseconds: deps.clock.now() - call.startedAt,
  };
  deps.replicas[request.role].served(request.run, sampleName(request), endpoint);
  if (end.finish === "length" && end.answer.text === "") {
    call.unfinishedThought(member, completion, { prompt: end.prompt, window });
  } else {
    member.settle({ kind: "completed", completion });
  }
}

function resultOf(
  deps: ServeDeps,
  call: Call,
  maxTokens: number,
  end: AttemptEnd,
  window: number | null,
): CallResult {
  const { members, taken } = call;
  const asked = members.length;
  if (end.kind === "complete") return end;
  const inGroupsOf = (limit: number): CallResult => {
    deps.capabilities.groupRefused(taken.endpoint, limit);
    deps.groupLimits.set(members[0].request.role, limit);
    return { kind: "smaller-groups", limit };
  };
  if (end.kind === "fewer") return inGroupsOf(Math.max(1, end.given));
  const { failure } = end;
  if (failure.kind === "overflow") {
    const { prompt } = failure.sizes;
    const sizes = { prompt, window: failure.sizes.window ?? window };
    const fitting = fittingTokens(members[0].request, maxTokens, sizes, failure.detail);
    if (typeof fitting === "number") return { kind: "shorter-answers", maxTokens: fitting };
    return { kind: "failed", failure: fitting };
  }
  if (failure.kind !== "unwanted") return { kind: "failed", failure };
  if (asked > 1) return inGroupsOf(groupLimitIn(failure.detail, asked));
  if (failure.status === 422) return { kind: "failed", failure: failed("protocol", failure.detail, "never") };
  return { kind: "failed", failure: { kind: "misconfigured", detail: `answered ${failure.detail}` } };
}

/** What the end of a call tells of the server. */
function stateOf(end: AttemptEnd): CallEnd {
  if (end.kind !== "failed") return "answered";
  const { failure, began } = end;
  if (failure.kind === "unreachable") return "refused";
  if (failure.kind !== "failed" || failure.retry === "never") return "answered";
  if (failure.failure.reason === "overload") return "refused";
  return began || failure.failure.reason !== "transport" ? "broken" : "refused";
}

export const misconfigured = (endpoint: Endpoint, detail: string): RepairError =>
  new RepairError("inference-misconfigured", `${describeEndpoint(endpoint)}: ${detail}`);
