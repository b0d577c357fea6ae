import type { FileChange } from "../domain/edit.ts";
import { ownTestsAmong } from "../domain/own-tests.ts";
import type { StageContext } from "../pipeline/stage-context.ts";
import { treeChanges } from "../pipeline/tree-changes.ts";
import type { Checkout } from "../ports/workspace.ts";
import type { Task, WorkDependencies } from "./kinds/work.ts";
import { keptTests } from "./kept-tests.ts";
import { loadSettings } from "./load-settings.ts";
import type { PinnedPullRequest } from "./pull-request-sides.ts";
import { withStage } from "./with-stage.ts";

/** A pull request, ready to be executed: what it changes since it left its base branch. */
export type PullRequestStage = {
  /** On the commit where it left its base branch. */
  readonly context: StageContext;
  readonly head: Checkout;
  readonly changes: readonly FileChange[];
};

export type StageEnd<T> =
  { readonly kind: "done"; readonly value: T } | { readonly kind: "unfit"; readonly why: string };

/**
 * Opens what the method needs on a pull request's fork point, under the settings of the default branch, never its own, and
 * works. Throws RepairError like a repair.
 */
export async function onPullRequest<T>(
  deps: WorkDependencies,
  task: Task,
  pull: PinnedPullRequest,
  problem: string,
  work: (stage: PullRequestStage) => Promise<T>,
): Promise<StageEnd<T>> {
  const { claim, forge, comment, usage, control } = task;
  const { tools } = deps;
  const { run } = claim;
  comment.report({ stage: "checkout", text: "reading both sides of the pull request" });
  const source = forge.source(run.issue.ref.repo);
  const at = (sha: string): Promise<Checkout> => tools.workspace.checkout(source, sha, control.signal);
  const [checkout, head] = [await at(pull.forkPoint), await at(pull.headSha)];
  const changed = await treeChanges(checkout, head);
  if (changed.kind === "unfit") return changed;
  const names = changed.changes.map(({ path }) => path);
  const loaded = await loadSettings(await at(task.base.sha), task.settings, { names });
  task.onSettings(loaded);
  const input = {
    runId: run.id,
    problem,
    source,
    origin: { installation: run.installation, branch: pull.base },
    checkout,
    settings: loaded.settings,
    project: loaded.project,
    journal: deps.journal(claim),
    record: deps.record(claim),
    usage,
    progress: comment.report,
    signal: control.signal,
    stop: control.stop,
    ...(control.timeLeft === undefined ? {} : { timeLeft: control.timeLeft }),
  };
  const { changes } = changed;
  const kept = await keptTests(deps.records, run.issue.ref.repo, pull.number);
  const ownTests = ownTestsAmong(changes, kept);
  const value = await withStage(tools, input, (context) =>
    work({ context: { ...context, ownTests }, head, changes }),
  );
  return { kind: "done", value };
}
