import type { Limits } from "../domain/limits.ts";
import type { SettingsCaps } from "../domain/settings/caps.ts";
import { defaultBudget } from "../pipeline/budget.ts";

/** The operator's caps: limits of a repository, minutes of a run and of one command of a set-up. */
export const operatorCaps = (
  limits: Limits,
  minutes: { readonly run: number; readonly step: number },
): SettingsCaps => ({
  "limits.concurrent_runs": limits.repositoryRuns,
  "limits.minutes": minutes.run,
  "limits.tokens": defaultBudget.outputTokens,
  "limits.runs_per_day": limits.runsPerDay,
  "limits.tokens_per_day": limits.tokensPerDay,
  "limits.open_prs": limits.openPullRequests,
  "environment.timeout_minutes": minutes.step,
});
