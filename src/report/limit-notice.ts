import type { LimitHit } from "../domain/limits.ts";
import type { LayerName } from "../domain/settings/origins.ts";
import { settingsOf } from "./phrases.ts";

const limits: Readonly<Record<LimitHit["limit"], { what: string; variable: string | null; way: string }>> = {
  runsPerIssue: {
    what: "runs were started for this issue",
    variable: null,
    way: "go on by hand, or open a new issue that says what was learned",
  },
  runsPerDay: {
    what: "runs were started for this repository within 24 hours",
    variable: "COPATCHER_MAX_DAILY_RUNS",
    way: "try again tomorrow",
  },
  openPullRequests: {
    what: "pull requests of Copatcher are open in this repository",
    variable: "COPATCHER_MAX_OPEN_PULL_REQUESTS",
    way: "merge or close some of them, then try again",
  },
  tokensPerDay: {
    what: "tokens were used for this repository within 24 hours",
    variable: "COPATCHER_MAX_DAILY_TOKENS",
    way: "try again tomorrow",
  },
};

/** That a limit keeps a run from starting, and whose limit it is. */
export function limitedText({ limit, allowed, used }: LimitHit, setBy: LayerName): string {
  const { what, variable, way } = limits[limit];
  return `Copatcher did not start: ${used.toLocaleString("en")} ${what}, and the limit is ${allowed.toLocaleString("en")}.\n\n**Next step:** ${way}; ${setBy === "operator" && variable !== null ? `the operator of the bot sets the limit (\`${variable}\`)` : `the limit is in ${settingsOf(setBy)}`}.`;
}
