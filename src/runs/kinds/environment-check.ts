import { environmentCheckText } from "../../report/environment-check.ts";
import { checkEnvironment } from "../check-environment.ts";
import { showFence, type Work } from "./work.ts";

/** `/copatcher env check`. It keeps no steps: a built environment is in the builder's cache when the run resumes. */
export const workEnvironmentCheck: Work = async (deps, task) => {
  const { claim, forge, comment, base, settings, onSettings } = task;
  const { run } = claim;
  const { signal } = task.control;
  const check = await checkEnvironment(deps.tools, {
    label: run.id,
    source: forge.source(run.issue.ref.repo),
    ref: base.sha,
    progress: comment.report,
    settings,
    onSettings,
    signal,
  });
  signal.throwIfAborted();
  await showFence(deps, claim);
  await comment.finish(environmentCheckText(run.id, check));
  await deps.runs.advance(claim, { kind: "ended", state: { at: "checked" } });
};
