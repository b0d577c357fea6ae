import type { RepoSettings } from "../domain/settings.ts";
import type { Task, WorkDependencies } from "./kinds/work.ts";
import { loadSettings } from "./load-settings.ts";

/** The settings of the commit that a task works on, for what must be known before there is a stage. Throws `settings-invalid`. */
export async function baseSettings({ tools }: WorkDependencies, task: Task): Promise<RepoSettings> {
  const source = task.forge.source(task.claim.run.issue.ref.repo);
  const checkout = await tools.workspace.checkout(source, task.base.sha, task.control.signal);
  return (await loadSettings(checkout, task.settings)).settings;
}
