import { z } from "zod";
import { checkProposedSettings } from "../../runs/settings-check.ts";
import type { AppEvent } from "../app-event.ts";
import { appEvent, byBot } from "../app-event.ts";
import { Installation, repoOf, Repository } from "../payload.ts";

const Proposed = z.object({
  installation: Installation,
  repository: Repository,
  pull_request: z.object({
    number: z.int().positive(),
    head: z.object({ sha: z.string() }),
    base: z.object({ sha: z.string() }),
  }),
});

/** A pull request shows new commits: should they touch the settings, they are checked. Only GitHub knows the files. */
export const settingsProposedEvents: readonly AppEvent[] = ["opened", "reopened", "synchronize"].map(
  (action) =>
    appEvent({
      name: `pull_request.${action}`,
      // bots push often and never settings; should one do so, the default branch is looked at
      concerns: (payload) => !byBot(payload),
      payload: Proposed,
      handle: (deps, { installation, repository, pull_request: pull }) =>
        checkProposedSettings(deps, {
          installation: installation.id,
          repo: repoOf(repository),
          pullRequest: pull.number,
          headSha: pull.head.sha,
          baseSha: pull.base.sha,
        }),
    }),
);
