import { environmentCheckText } from "../../report/environment-check.ts";
import { checkEnvironment } from "../check-environment.ts";
import { endAnswered, type Work } from "./work.ts";

/** `/copatcher env check`. It keeps no steps: a built environment is in the builder's cache when the run resumes. */
export const workEnvironmentCheck: Work = async (deps, task) => {
  const { claim, forge, comment, base, settings, onSettings } = task;
  const { run } = claim;
  const check = await checkEnvironment(deps.tools, {
    label: run.id,
    source: forge.source(run.issue.ref.repo),
    origin: { installation: run.installation, branch: base.name },
    ref: base.sha,
    ...(run.path === undefined ? {} : { path: run.path }),
    progress: comment.report,
    settings,
    onSettings,
    signal: task.control.signal,
  });
  await endAnswered(deps, task, environmentCheckText(run.id, check));
};
