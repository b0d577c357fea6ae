import type { Probot } from "probot";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";
import { concernsUs } from "./concerns-us.ts";

export type AppDependencies = { readonly runs: Pick<RunStore, "receive">; readonly logger: Logger };

/**
 * The Probot app: it only stores. Probot answers 2xx when the handler has returned, so a delivery is durable before
 * GitHub hears that it arrived, and a store that fails answers 5xx, which GitHub keeps as failed.
 */
export const createApp =
  (deps: AppDependencies) =>
  (app: Probot): void => {
    app.on(["issues.labeled", "issue_comment.created"], async ({ id, name, payload }) => {
      if (!concernsUs(name, payload)) return;
      const outcome = await deps.runs.receive({ id, event: name, payload });
      deps.logger.info({ delivery: id, event: name, outcome }, "delivery received");
    });
  };
