import type { RepoRef } from "../../src/domain/issue.ts";
import { unlimited } from "../../src/domain/limits.ts";
import { handleDelivery } from "../../src/github-app/handle-delivery.ts";
import type { Permission } from "../../src/ports/forge.ts";
import type { DataScope } from "../../src/ports/kept-data.ts";
import type { FeedbackAsk } from "../../src/runs/record-feedback.ts";
import { createMemoryJobQueue } from "../fakes/memory-job-queue.ts";
import { createMemoryRunStore } from "../fakes/memory-run-store.ts";
import { createRecordingForge } from "../fakes/recording-forge.ts";
import { createSilentLogger } from "../fakes/silent-logger.ts";

/** What handlers of deliveries use, in memory; `settings` is the text of the repository's file. */
export function deliveryWorld(
  permissions: Record<string, Permission> = { maria: "write", jonas: "read" },
  settings?: string,
) {
  const runs = createMemoryRunStore(createMemoryJobQueue());
  const forges = createRecordingForge({
    issues: [],
    branch: { name: "main", sha: "a".repeat(40) },
    source: { kind: "local", directory: "unused" },
    permissions,
    files: settings === undefined ? {} : { "acme/cadence:.github/copatcher.yml": settings },
  });
  const logger = createSilentLogger();
  const removed: DataScope[] = [];
  const feedback: FeedbackAsk[] = [];
  const noted: string[] = [];
  const deps = {
    runs: {
      ...runs,
      notePullRequest: async (repo: RepoRef, number: number, open: boolean, at?: number) => {
        noted.push(`${number} ${open ? "open" : "closed"}`);
        await runs.notePullRequest(repo, number, open, at);
      },
    },
    forges,
    logger,
    policy: { limits: unlimited, newer: "refuse" as const },
    runOfPullRequest: () => Promise.resolve(null),
    data: {
      remove: (scope: DataScope) => {
        removed.push(scope);
        return Promise.resolve({});
      },
      rename: async () => ({}),
      installationsOf: async () => (await runs.recent(10)).map(({ installation }) => installation),
    },
    onboarding: null,
    recordFeedback: (ask: FeedbackAsk) => Promise.resolve(feedback.push(ask) > 0),
  };
  return {
    runs,
    forges,
    logger,
    removed,
    feedback,
    noted,
    async deliver(id: string, event: string, payload: unknown): Promise<void> {
      await runs.receive({ id, event, payload });
      await handleDelivery(deps, id);
    },
  };
}
