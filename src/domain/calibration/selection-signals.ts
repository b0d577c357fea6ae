import type { RecordEvent } from "../record/event.ts";
import type { Score } from "../record/method-events.ts";
import type { Signals } from "./signals.ts";

type EventOf<Kind extends RecordEvent["kind"]> = Extract<RecordEvent, { kind: Kind }>;

/** What spoke for the patch of the first choice that was proposed, as its record tells it; null when it holds none. */
export function selectionSignals(events: readonly RecordEvent[]): Signals | null {
  const chosen = events.flatMap((event) =>
    event.kind === "selection" && event.winner !== null ? [event] : [],
  );
  const [selection] = chosen;
  const [best] = selection?.ordered ?? [];
  if (selection === undefined || best === undefined) return null;
  const tied = selection.ordered.slice(1).filter(({ candidate }) => selection.tied.includes(candidate));
  return {
    samples: selection.samples ?? samplesBefore(selection, events),
    votes: best.votes,
    rivalVotes: Math.max(0, ...tied.map(({ votes }) => votes)),
    scriptsFixed: best.pocsPassed,
    scriptsBroken: best.pocsFailed,
    testsHold: selection.testsHold ?? testsHold(selection, best),
  };
}

/** Of an older record: the level says it, except where it is lower because of a script. */
function testsHold({ outcome }: EventOf<"selection">, score: Score): boolean {
  const { tests, regressions, altered, pocsFailed } = score;
  if (outcome === "validated" || outcome === "tests-only") return true;
  return pocsFailed > 0 && tests === "ran" && regressions + altered === 0;
}

/** The written samples of the first round, whatever became of them, where the choice itself does not tell how many. */
function samplesBefore(selection: EventOf<"selection">, events: readonly RecordEvent[]): number {
  const end = events.indexOf(selection);
  const start = events.slice(0, end).findLastIndex(({ kind }) => kind === "selection") + 1;
  const written = events.slice(start, end).flatMap((event) => {
    if (event.kind === "candidate") return event.samples;
    return event.kind === "rejection" ? [event.sample] : [];
  });
  return new Set(written.filter((sample) => sample.startsWith("generate/"))).size;
}
