import type { EndState, RunKind } from "../../domain/run.ts";
import type { RunStore } from "../../ports/run-store.ts";
import type { Metrics } from "./metrics.ts";

/** A store that counts deliveries and the ends of runs. */
export function measuredRuns(
  runs: RunStore,
  { deliveries, runsEnded }: Pick<Metrics, "deliveries" | "runsEnded">,
): RunStore {
  const ended = (kind: RunKind, state: EndState): void =>
    runsEnded.inc({ kind, state: state.at, reason: reasonOf(state) });
  /** A run that somebody took from the queue. */
  const taken = async (id: string): Promise<void> => {
    const run = await runs.run(id);
    if (run?.state.at === "cancelled") ended(run.kind, run.state);
  };
  return {
    ...runs,
    async receive(delivery) {
      try {
        const outcome = await runs.receive(delivery);
        deliveries.inc({ outcome });
        return outcome;
      } catch (error) {
        deliveries.inc({ outcome: "failed" });
        throw error;
      }
    },
    async request(request, policy) {
      const outcome = await runs.request(request, policy);
      if (outcome.kind !== "created") return outcome;
      for (const { kind, state } of outcome.superseded) {
        if (state.at === "queued") ended(kind, { at: "cancelled", by: request.trigger.sender });
      }
      return outcome;
    },
    async advance(claim, event, tokens) {
      const run = await runs.advance(claim, event, tokens);
      if (event.kind === "ended") ended(run.kind, event.state);
      return run;
    },
    async requestCancel(id, by) {
      const given = await runs.requestCancel(id, by);
      if (given === "cancelled") await taken(id);
      return given;
    },
    async requestStop(id, by) {
      const given = await runs.requestStop(id, by);
      if (given === "cancelled") await taken(id);
      return given;
    },
  };
}

/** An error's code or why a run was declined; empty for the ends that say everything. */
function reasonOf(state: EndState): string {
  if (state.at === "failed") return state.code;
  return state.at === "declined" ? state.reason : "";
}
