import type { IssueRef } from "../domain/issue.ts";
import type { RepairRun } from "../domain/run.ts";
import type { RunStore } from "../ports/run-store.ts";

/** When something was said, by the forge's clock (ISO 8601, whole seconds), and in which comment, if in one. */
export type Saying = { readonly at: string; readonly comment: number | null };

type Runs = Pick<RunStore, "live" | "transitions">;

/** What our clock and the forge's may differ by, with a delivery's way through the queue, in milliseconds. */
const clockDifference = 60_000;

/**
 * The issue's live runs that were asked for before that was said: deliveries come late and more than once, and an order is
 * not for a run that somebody asked for since. All of them where nobody knows when it was said.
 */
export async function runsBefore(
  runs: Runs,
  issue: IssueRef,
  said: Saying | null,
): Promise<readonly RepairRun[]> {
  const live = await runs.live(issue);
  const time = Date.parse(said?.at ?? "");
  if (said === null || Number.isNaN(time)) return live;
  const asked = await Promise.all(live.map((run) => wasAskedBefore(runs, run, { time, ...said })));
  return live.filter((_, place) => asked[place] === true);
}

async function wasAskedBefore(
  runs: Runs,
  { id, trigger }: RepairRun,
  { time, comment }: Saying & { readonly time: number },
): Promise<boolean> {
  const asked = trigger.at === undefined || trigger.repeats === true ? NaN : Date.parse(trigger.at);
  if (Number.isNaN(asked)) {
    const [first] = await runs.transitions(id);
    return first === undefined || first.time <= time + clockDifference;
  }
  const { comment: asking } = trigger;
  // within one second the forge's own numbers tell which comment was first
  if (asked === time && asking !== undefined && comment !== null) return asking <= comment;
  return asked <= time;
}
