import type { RepoSettings } from "../settings.ts";
import type { Origins } from "./origins.ts";

/** The most that an operator allows of a setting; Infinity is no cap. */
export type SettingsCaps = {
  readonly [Key in keyof typeof capSources]: number;
};

/** Who sets each cap. */
export const capSources = {
  "limits.concurrent_runs": "COPATCHER_MAX_RUNS_PER_REPOSITORY",
  "limits.minutes": "COPATCHER_RUN_MINUTES",
  "limits.tokens": "built in",
  "limits.runs_per_day": "COPATCHER_MAX_DAILY_RUNS",
  "limits.tokens_per_day": "COPATCHER_MAX_DAILY_TOKENS",
  "limits.open_prs": "COPATCHER_MAX_OPEN_PULL_REQUESTS",
  "environment.timeout_minutes": "COPATCHER_SETUP_MINUTES",
} as const;

type Capped = {
  readonly settings: RepoSettings;
  readonly origins: Origins;
  readonly clamps: readonly string[];
};

/** The settings with nothing above its cap; each that was lowered is said in words. What no layer says is the cap. */
export function applyCaps(settings: RepoSettings, origins: Origins, caps: SettingsCaps): Capped {
  const clamps: string[] = [];
  const lowered = new Map<string, readonly ["operator"]>();
  const capped = (key: keyof SettingsCaps, value: number | null): number | null => {
    const most = caps[key];
    if (value === null ? most === Infinity : value <= most) return value;
    lowered.set(key, ["operator"]);
    if (value !== null) {
      const asked = (origins[key] ?? []).join(" and ");
      clamps.push(
        `${key}: ${value} (${asked}) is more than the operator allows, so it is ${most} (${capSources[key]})`,
      );
    }
    return most;
  };
  const { environment, limits } = settings;
  const within: RepoSettings = {
    ...settings,
    environment: {
      ...environment,
      timeout_minutes: capped("environment.timeout_minutes", environment.timeout_minutes),
    },
    limits: {
      concurrent_runs: capped("limits.concurrent_runs", limits.concurrent_runs),
      minutes: capped("limits.minutes", limits.minutes),
      tokens: capped("limits.tokens", limits.tokens),
      runs_per_issue: limits.runs_per_issue,
      runs_per_day: capped("limits.runs_per_day", limits.runs_per_day),
      tokens_per_day: capped("limits.tokens_per_day", limits.tokens_per_day),
      open_prs: capped("limits.open_prs", limits.open_prs),
    },
  };
  return { settings: within, origins: { ...origins, ...Object.fromEntries(lowered) }, clamps };
}
