import type { EndedRequest } from "../../src/simulator/http/served-request.ts";

/** Something that was done to a process (null: to all), and until when it could not keep what it was told. */
export type Disturbance = { readonly client: string | null; readonly from: number; readonly until: number };

type Call = Pick<EndedRequest, "identity" | "client" | "sample" | "ended" | "startedAt" | "endedAt">;

/** A sample that a client's log says is stored, `stage/index/attempt`. */
export type StoredSample = { readonly client: string; readonly sample: string; readonly time: number };

const usualMs = 250;
const longestMs = 1_500;
/** How long before a disturbance answers tell how slowly a client stores them then. */
const recentlyMs = 3_000;

/** How long an answer took to be stored, and when it was. */
export type Lag = { readonly client: string; readonly storedAt: number; readonly ms: number };

/** Of all answers that are seen to be stored within the longest time. */
export const lagsOf = (calls: readonly Call[], stored: readonly StoredSample[]): readonly Lag[] =>
  calls.flatMap(({ ended, client, sample, endedAt }) => {
    if (ended !== "answered") return [];
    const after = stored.find(
      (one) => one.client === client && one.sample === sample && one.time >= endedAt - clockMs,
    );
    const lag = after === undefined ? null : { client, storedAt: after.time, ms: after.time - endedAt };
    return lag !== null && lag.ms < longestMs ? [lag] : [];
  });

/**
 * How shortly before a disturbance an answer may have ended without having been stored, in milliseconds: 250, or as long
 * as 99 of 100 answers really took on this machine, which may be busy.
 */
export function doubtOf(lags: readonly Lag[]): number {
  const inOrder = lags.map(({ ms }) => ms).toSorted((one, other) => one - other);
  return Math.max(usualMs, inOrder[Math.floor(inOrder.length * 0.99)] ?? 0);
}

/** The same for one disturbance: an answer waits for the group that is being stored, which may be a slow one, and for its own. */
const doubtAt = ({ client, from }: Disturbance, lags: readonly Lag[], doubtMs: number): number =>
  lags
    .filter((lag) => client === null || lag.client === client)
    .filter(({ storedAt }) => from - recentlyMs <= storedAt && storedAt <= from + clockMs)
    .reduce((longest, { ms }) => Math.max(longest, ms + usualMs), doubtMs);

/** Two processes' times of the same moment. */
const clockMs = 5;

export type CallCount = {
  readonly asked: number;
  /** Whole answers that a run was given and that it asked for again. */
  readonly repeated: readonly Call[];
  /** The same for answers that a kill met before they could be stored. */
  readonly inDoubt: number;
};

/** What the models were asked twice; a question is the same when its whole body is, seed included. */
export function countRepeated(
  calls: readonly Call[],
  disturbances: readonly Disturbance[],
  lags: readonly Lag[] = [],
): CallCount {
  const doubtMs = doubtOf(lags);
  const doubts = disturbances.map((one) => ({ ...one, doubtMs: doubtAt(one, lags, doubtMs) }));
  const byIdentity = new Map<string, Call[]>();
  for (const call of calls) byIdentity.set(call.identity, [...(byIdentity.get(call.identity) ?? []), call]);
  const again = [...byIdentity.values()].flatMap((same) => {
    const inOrder = same.toSorted((one, other) => one.startedAt - other.startedAt);
    return inOrder.filter((call, place) => call.ended === "answered" && place < inOrder.length - 1);
  });
  const doubtful = (call: Call): boolean =>
    doubts.some(
      ({ client, from, until, doubtMs: ms }) =>
        (client === null || client === call.client) && from - ms <= call.endedAt && call.endedAt <= until,
    );
  const repeated = again.filter((call) => !doubtful(call));
  return { asked: calls.length, repeated, inDoubt: again.length - repeated.length };
}
