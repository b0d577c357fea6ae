import { join } from "node:path";
import type { RecordedReplies } from "../../simulator/replies.ts";
import { recordedCounts } from "../../simulator/replies.ts";
import type { Case } from "../suite/case.ts";
import { executionsIn } from "./file-journal.ts";

/** What a case costs about, before anything of it is known but its pool and its scripts. */
export type Estimate = {
  readonly instance: string;
  readonly patches: number;
  /** If every patch is a class of its own and nothing is repeated; each is a command in a fresh copy of the tree. */
  readonly executions: number;
  readonly stored: number;
  /** Of one execution's command: measured where the work folder has some of the case, else null. */
  readonly meanSeconds: number | null;
};

export const stepsFolder = (work: string, instance: string): string => join(work, instance, "steps");

export async function estimateOf(
  { instance, pool }: Case,
  replies: RecordedReplies,
  work: string,
): Promise<Estimate> {
  const known = await executionsIn(stepsFolder(work, instance));
  const counts = recordedCounts(replies);
  const scripts = counts["poc-asserting"] + counts["poc-printing"];
  return {
    instance,
    patches: pool.length,
    // the tests and all scripts twice on the base commit; each script, and the tests twice, with each patch
    executions: 2 + 2 * scripts + pool.length * (scripts + 2),
    stored: known?.count ?? 0,
    meanSeconds: known?.meanSeconds ?? null,
  };
}

/** One line for people. */
export function estimateText({ instance, patches, executions, stored, meanSeconds }: Estimate): string {
  const left = Math.max(0, executions - stored);
  const pace =
    meanSeconds === null
      ? "what one takes is not known yet"
      : `${meanSeconds.toFixed(1)} s each so far, so about ${Math.ceil((left * meanSeconds) / 60)} minutes of commands`;
  return `${instance}: ${patches} patches, about ${executions} executions, ${stored} stored; ${pace}`;
}
