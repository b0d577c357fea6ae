import { pinTalk } from "../issue-talk.ts";
import type { RepairInput } from "../repair-issue.ts";
import type { Task, WorkDependencies } from "./work.ts";

/** A task as work on its issue. */
export function repairInput(deps: WorkDependencies, task: Task): RepairInput {
  const { claim, forge, comment, usage, base, settings, onSettings } = task;
  const { run } = claim;
  const { id: runId, issue, hint, path, judges } = run;
  const journal = deps.journal(claim);
  return {
    runId,
    issue,
    ...(hint === undefined ? {} : { hint }),
    ...(path === undefined ? {} : { path }),
    ...(judges === undefined ? {} : { judges }),
    source: forge.source(issue.ref.repo),
    origin: { installation: run.installation, branch: base.name },
    ref: base.sha,
    talk: (context) => pinTalk(journal, forge, run, context),
    journal,
    record: deps.record(claim),
    settings,
    onSettings,
    usage,
    progress: comment.report,
    signal: task.control.signal,
    stop: task.control.stop,
    ...(task.control.timeLeft === undefined ? {} : { timeLeft: task.control.timeLeft }),
  };
}
