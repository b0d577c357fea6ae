import { asRepairError, RepairError } from "../../domain/errors.ts";
import { addUsage } from "../../domain/transcript.ts";
import type { Completion } from "../../domain/transcript.ts";
import type { SampleOutcome } from "../../ports/inference-client.ts";
import { roomBeside } from "./answer-room.ts";
import { estimatedTokens } from "./prompt-size.ts";
import { callServer, misconfigured } from "./call-server.ts";
import type { Call, CallResult, ThoughtRoom } from "./call-server.ts";
import { unlessCancelled } from "./cancellation.ts";
import { describeEndpoint } from "./endpoint.ts";
import type { Endpoint } from "./endpoint.ts";
import type { AttemptFailure } from "./failure.ts";
import { groupsOf, largestGroup } from "./groups.ts";
import type { NonEmpty } from "./groups.ts";
import { pendingSample } from "./pending-sample.ts";
import type { PendingSample } from "./pending-sample.ts";
import { createPrefixGate } from "./prefix-gate.ts";
import type { PrefixGate } from "./prefix-gate.ts";
import type { Taken } from "./replicas.ts";
import { backOffMs, retriesLeft } from "./retries.ts";
import type { ServeDeps } from "./serve-deps.ts";

/** Where samples stand on their way to an outcome. */
type Progress = {
  /** Repetitions so far. */
  readonly tried: number;
  readonly groupLimit: number;
  readonly maxTokens: number;
  /** Whether that is less than was wanted. */
  readonly shortened: boolean;
  /** When the first attempt began; null while they wait for a server. */
  readonly startedAt: number | null;
  readonly avoid: Endpoint | null;
  readonly mayThinkLonger: boolean;
  readonly gate: PrefixGate;
};

/** Brings samples of one question to their outcomes, as many of them in a request as the server takes. Never throws. */
export async function serveSamples(
  deps: ServeDeps,
  members: readonly PendingSample[],
  signal: AbortSignal,
): Promise<void> {
  const [first] = members;
  if (first === undefined) return;
  const { role, maxTokens } = first.request;
  const groupLimit = deps.groupLimits.get(role) ?? largestGroup;
  const gate = createPrefixGate();
  await goOn(deps, members, { ...beginning, groupLimit, maxTokens, gate }, signal);
}

const beginning = { tried: 0, shortened: false, startedAt: null, avoid: null, mayThinkLonger: true };

async function goOn(
  deps: ServeDeps,
  members: readonly PendingSample[],
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const open = members.filter((member) => member.isOpen());
  await Promise.all(
    groupsOf(open, progress.groupLimit).map(async (group) => {
      try {
        const next = await turn(deps, group, progress, signal);
        if (next !== null) await goOn(deps, group, next, signal);
      } catch (error) {
        failAll(group, asRepairError(error));
      }
    }),
  );
}

/** One request for a group; null when every member has its outcome. */
async function turn(
  deps: ServeDeps,
  group: NonEmpty<PendingSample>,
  progress: Progress,
  signal: AbortSignal,
): Promise<Progress | null> {
  const taken = await takeServer(deps, group, progress, signal);
  if (taken === null) {
    settleAll(group, { reason: "deadline", detail: "no server was free in the time allowed" });
    return null;
  }
  const endpoint = { ...taken.endpoint, model: deps.modelOf(group[0].request.role) };
  const startedAt = progress.startedAt ?? deps.clock.now();
  const { maxTokens, mayThinkLonger, gate } = progress;
  const unfinishedThought: Call["unfinishedThought"] = (member, completion, room) => {
    if (!mayThinkLonger) return member.settle({ kind: "completed", completion });
    void thinkLonger(deps, member, { completion, room, progress: { ...progress, startedAt } }, signal);
  };
  const call = { members: group, taken, endpoint, maxTokens, startedAt, gate, unfinishedThought };
  const result = await callServer(deps, call, signal);
  if (signal.aborted || result.kind === "complete") return null;
  return after(deps, group, { ...progress, startedAt }, result, endpoint, signal);
}

/** A server with seats for the group; null when the group's time is over first. Throws as `Replicas.take` does. */
async function takeServer(
  deps: ServeDeps,
  group: NonEmpty<PendingSample>,
  { startedAt, avoid }: Progress,
  signal: AbortSignal,
): Promise<Taken | null> {
  const [{ request }] = group;
  const { run, priority, role, continues } = request;
  const left = startedAt === null ? null : startedAt + deps.timeouts.totalMs - deps.clock.now();
  if (left !== null && left <= 0) return null;
  const limited = left === null ? signal : AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(left))]);
  try {
    const want = { run, priority, sequences: group.length, continues, avoid };
    return await deps.replicas[role].take(want, limited);
  } catch (error) {
    if (limited.aborted && !signal.aborted) return null;
    throw error;
  }
}

async function after(
  deps: ServeDeps,
  group: NonEmpty<PendingSample>,
  progress: Progress & { readonly startedAt: number },
  result: Exclude<CallResult, { kind: "complete" }>,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<Progress | null> {
  if (result.kind === "smaller-groups") return { ...progress, groupLimit: result.limit };
  if (result.kind === "shorter-answers" && !progress.shortened) {
    return { ...progress, maxTokens: result.maxTokens, shortened: true };
  }
  const failure = result.kind === "failed" ? result.failure : unfitting;
  const { clock, retries, timeouts, retryBudget } = deps;
  const waitMs = backOffMs(failure, progress.tried, retries);
  const isInTime = clock.now() + waitMs < progress.startedAt + timeouts.totalMs;
  const wanted = retriesLeft(failure, progress.tried, retries) > 0 && isInTime;
  const again = wanted && retryBudget.mayRepeat(group[0].request.run);
  logFailure(deps, group, failure, again);
  if (!again) {
    conclude(group, failure, endpoint);
    return null;
  }
  await unlessCancelled(signal, () => clock.sleep(waitMs, signal));
  return { ...progress, tried: progress.tried + 1, avoid: endpoint };
}

const unfitting: AttemptFailure = {
  kind: "failed",
  failure: { reason: "overflow", detail: "the server refused a shorter answer as well" },
  retry: "never",
  retryAfterMs: null,
};

type Failure = Extract<SampleOutcome, { kind: "failed" }>["failure"];

/** Those that have got an answer meanwhile keep it. */
function settleAll(group: readonly PendingSample[], failure: Failure): void {
  for (const member of group) if (member.isOpen()) member.settle({ kind: "failed", failure });
}

function failAll(group: readonly PendingSample[], error: RepairError): void {
  for (const member of group) if (member.isOpen()) member.fail(error);
}

function conclude(group: NonEmpty<PendingSample>, failure: AttemptFailure, endpoint: Endpoint): void {
  if (failure.kind === "failed") return settleAll(group, failure.failure);
  const error =
    failure.kind === "unreachable"
      ? new RepairError("inference-unreachable", `${describeEndpoint(endpoint)}: ${failure.detail}`)
      : misconfigured(endpoint, failure.detail);
  failAll(group, error);
}

function logFailure(
  { logger }: ServeDeps,
  group: NonEmpty<PendingSample>,
  failure: AttemptFailure,
  again: boolean,
): void {
  const [{ request }] = group;
  const { role, stage, index, attempt } = request;
  const samples = group.filter((member) => member.isOpen()).length;
  const why = failure.kind === "failed" ? failure.failure : { reason: failure.kind, detail: failure.detail };
  logger[again ? "debug" : "warn"](
    { role, stage, index, attempt, samples, ...why },
    again ? "model call is tried again" : "model call failed",
  );
}

type Thought = {
  readonly completion: Completion;
  readonly room: ThoughtRoom;
  readonly progress: Progress;
};

/** Asks once more, with half as many tokens again, for an answer that ended inside its reasoning. Never throws. */
async function thinkLonger(
  deps: ServeDeps,
  member: PendingSample,
  { completion, room, progress }: Thought,
  signal: AbortSignal,
): Promise<void> {
  const { request } = member;
  const first: SampleOutcome = { kind: "completed", completion };
  member.keep(first);
  const prompt = room.prompt ?? estimatedTokens(request.messages);
  const most = room.window === null ? Number.POSITIVE_INFINITY : roomBeside(prompt, room.window);
  const maxTokens = Math.min(Math.ceil(progress.maxTokens * 1.5), most);
  if (maxTokens <= progress.maxTokens || signal.aborted || !deps.retryBudget.mayRepeat(request.run)) {
    return member.settle(first);
  }
  const longer = pendingSample({ ...request, maxTokens, minTokens: progress.maxTokens + 1 }, signal);
  const next = { ...progress, tried: 0, groupLimit: 1, maxTokens, mayThinkLonger: false };
  const [outcome] = await Promise.all([longer.outcome.catch(() => null), goOn(deps, [longer], next, signal)]);
  if (outcome?.kind !== "completed") return member.settle(first);
  const usage = addUsage(completion.usage, outcome.completion.usage);
  const better = outcome.completion.text === "" ? completion : outcome.completion;
  member.settle({ kind: "completed", completion: { ...better, usage } });
}
