import type { DeclineReason } from "./evidence.ts";
import type { RepairRun } from "./run.ts";

/** An issue with this label is left alone, whoever asks, where the settings give it no other name. */
export const ignoreLabel = "copatcher: ignore";

/** What people see of an issue's newest repair without opening it. */
export type Status = "queued" | "running" | "pr-open" | "needs-info" | "no-fix" | "failed";

type StatusLabel = { readonly name: string; readonly color: string; readonly description: string };

const label = (status: Status, color: string, description: string): StatusLabel => ({
  name: `copatcher: ${status}`,
  color,
  description,
});

/** As GitHub is asked to make them where the settings give them no other names; at most 100 characters of description. */
export const statusLabels: Readonly<Record<Status, StatusLabel>> = {
  queued: label("queued", "d4c5f9", "Copatcher will work on this issue"),
  running: label("running", "5319e7", "Copatcher is working on this issue"),
  "pr-open": label("pr-open", "0e8a16", "Copatcher opened a pull request for this issue"),
  "needs-info": label("needs-info", "fbca04", "Copatcher needs more in the issue; its comment says what"),
  "no-fix": label("no-fix", "cfd3d7", "Copatcher found no patch that it can stand behind"),
  failed: label("failed", "b60205", "Copatcher could not do its work; its comment says why"),
};

/** Reasons that more words in the issue may take away. */
const wantsInfo: ReadonlySet<DeclineReason | "refused"> = new Set([
  "no-location",
  "not-reproduced-and-no-majority",
]);

/** The status that a repair shows; null for one that shows none, and for a pull request that is not open any more. */
export function statusOf({ state }: Pick<RepairRun, "state">, pullRequestOpen: boolean): Status | null {
  switch (state.at) {
    case "queued":
    case "running":
    case "failed":
      return state.at;
    case "proposed":
      return pullRequestOpen ? "pr-open" : null;
    case "declined":
      return wantsInfo.has(state.reason) ? "needs-info" : "no-fix";
    case "cancelled":
    case "checked":
      return null;
  }
}
