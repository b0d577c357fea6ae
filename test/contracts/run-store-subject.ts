import { afterEach, expect } from "vitest";
import { unlimited } from "../../src/domain/limits.ts";
import { isLive, type EndState, type RepairRun } from "../../src/domain/run.ts";
import type { Claim, RequestPolicy, RunStore } from "../../src/ports/run-store.ts";
import { makeRunRequest, policy } from "../fixtures/run-request.ts";

export type RunStoreSubject = {
  readonly store: RunStore;
  /** A store whose claims last a quarter of a second; it may be another one. */
  readonly impatient: RunStore;
};

export const lost = { code: "lease-lost" };
export const declined: EndState = { at: "declined", reason: "all-regress" };

/** The claims on it are given back after each test, and what is live is cancelled: tests share a store. */
function createTidyStore(inner: RunStore): { readonly store: RunStore; tidy(): Promise<void> } {
  const claims: Claim[] = [];
  return {
    store: {
      ...inner,
      async claim(...parameters) {
        const claim = await inner.claim(...parameters);
        if (claim !== null) claims.push(claim);
        return claim;
      },
    },
    async tidy() {
      for (const claim of claims) await inner.release(claim);
      const live = (await inner.recent(1_000)).filter(({ state }) => isLive(state));
      for (const { id } of live) await inner.requestCancel(id, "tidy");
    },
  };
}

/** Opens the subject's stores for one test each; in them nothing waits and nothing is at work. */
export function openTidily(makeSubject: () => RunStoreSubject): (which?: keyof RunStoreSubject) => RunStore {
  let tidy: () => Promise<void> = async () => {};
  afterEach(() => tidy());
  return (which = "store") => {
    const made = createTidyStore(makeSubject()[which]);
    tidy = made.tidy;
    return made.store;
  };
}

/** A run that was just requested. */
export async function created(
  store: RunStore,
  request = makeRunRequest(),
  changes: Partial<RequestPolicy> = {},
): Promise<RepairRun> {
  const outcome = await store.request(request, { ...policy, ...changes });
  if (outcome.kind !== "created") throw new Error(`the request was ${outcome.kind}`);
  return outcome.run;
}

/** A claim on the run that is next, which is `run` where one is given. */
export async function claimed(store: RunStore, run?: RepairRun, owner = "worker-1"): Promise<Claim> {
  const claim = await store.claim(owner, unlimited);
  if (claim === null) throw new Error("no run was to be had");
  if (run !== undefined) expect(claim.run.id).toBe(run.id);
  return claim;
}
