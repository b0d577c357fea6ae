import { webhookEvents } from "../github-app/events.ts";
import { triggerLabel } from "../github-app/events/issue-labeled.ts";
import type { AppForge } from "../ports/app-forge.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";
import { noteMissedClosings } from "../runs/missed-closings.ts";
import { createReconciler } from "../runs/reconcile.ts";
import { startSweep } from "../runs/sweep.ts";

type SweepParts = {
  readonly app: AppForge;
  readonly runs: RunStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Address of GitHub's REST API. */
  readonly apiUrl: string;
};

/** For so many days GitHub delivers again what it is asked for; an Enterprise Server keeps deliveries longer. */
function windowDays(apiUrl: string): number {
  const { hostname } = new URL(apiUrl);
  return hostname === "api.github.com" || hostname.endsWith(".ghe.com") ? 3 : 7;
}

/** Starts the look for lost deliveries and labels. */
export function openSweep({ app, runs, clock, logger, apiUrl }: SweepParts): { stop(): Promise<void> } {
  const reconcile = createReconciler({
    app,
    runs,
    clock,
    logger,
    label: triggerLabel,
    events: new Set(webhookEvents.map(({ name }) => name)),
    windowDays: windowDays(apiUrl),
  });
  const sweep = async (): Promise<void> => {
    await reconcile();
    await noteMissedClosings({ app, runs, logger });
  };
  return startSweep({ runs, clock, logger, reconcile: sweep });
}
