import { webhookEvents } from "../github-app/events.ts";
import type { AppForge } from "../ports/app-forge.ts";
import type { Clock } from "../ports/clock.ts";
import type { Forges } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";
import { rememberedLabels } from "../runs/label-names.ts";
import { noteMissedClosings } from "../runs/missed-closings.ts";
import { repaintLabels } from "../runs/painting-runs.ts";
import { createReconciler } from "../runs/reconcile.ts";
import type { LabelPainter } from "../runs/status-labels.ts";
import { startSweep } from "../runs/sweep.ts";

type SweepParts = {
  readonly app: AppForge;
  readonly forges: Forges;
  readonly runs: RunStore;
  readonly painter: LabelPainter;
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
export function openSweep(parts: SweepParts): { stop(): Promise<void> } {
  const { app, forges, runs, painter, clock, logger, apiUrl } = parts;
  const reconcile = createReconciler({
    app,
    runs,
    clock,
    logger,
    labelOf: rememberedLabels({ forges, clock, logger }),
    events: new Set(webhookEvents.map(({ name }) => name)),
    windowDays: windowDays(apiUrl),
  });
  const sweep = async (): Promise<void> => {
    await reconcile();
    await noteMissedClosings({ app, runs, logger });
    await repaintLabels(runs, painter.paint);
  };
  return startSweep({ runs, clock, logger, reconcile: sweep });
}
