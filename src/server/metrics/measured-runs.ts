import type { EndState, RepairRun, RunKind } from "../../domain/run.ts";
import type { RunReader, RunStore } from "../../ports/run-store.ts";
import { stageTimes } from "../../report/stage-times.ts";
import type { Metrics } from "./metrics.ts";

type Spans = Pick<Metrics, "waitSeconds" | "runSeconds" | "stageSeconds">;

/** A store that counts deliveries and the ends of runs, and says how long these took. */
export function measuredRuns(
  runs: RunStore,
  metrics: Pick<Metrics, "deliveries" | "runsEnded"> & Spans,
): RunStore {
  const { deliveries, runsEnded } = metrics;
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
      if (event.kind !== "ended") return run;
      ended(run.kind, event.state);
      // the run has ended, whether its history can be read or not
      await observe(runs, run, metrics).catch(() => undefined);
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

/** How long a run that has ended waited at first, was at work, and was in each stage. */
async function observe(
  runs: Pick<RunReader, "transitions">,
  { id, kind, state: { at: state } }: RepairRun,
  { waitSeconds, runSeconds, stageSeconds }: Spans,
): Promise<void> {
  const history = await runs.transitions(id);
  const [asked, end] = [history.at(0), history.at(-1)];
  const begin = history.find((entry) => entry.state.at === "running");
  if (asked === undefined || end === undefined || begin === undefined) return;
  waitSeconds.observe({ kind }, Math.max(0, begin.time - asked.time) / 1000);
  let worked = 0;
  for (const { stage, milliseconds } of stageTimes(history, end.time)) {
    stageSeconds.observe({ kind, stage }, milliseconds / 1000);
    worked += milliseconds;
  }
  runSeconds.observe({ kind, state }, worked / 1000);
}

/** An error's code or why a run was declined; empty for the ends that say everything. */
function reasonOf(state: EndState): string {
  if (state.at === "failed") return state.code;
  return state.at === "declined" ? state.reason : "";
}
