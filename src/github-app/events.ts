import { eachOf, fieldAt, type AppEvent } from "./app-event.ts";
import { checkEvents } from "./events/check-action.ts";
import { checkCompleted } from "./events/check-completed.ts";
import { commentCreated } from "./events/comment-created.ts";
import { controlEvents } from "./events/control-ticked.ts";
import {
  installationCreated,
  installationDeleted,
  permissionsAccepted,
  repositoriesAdded,
  repositoriesRemoved,
} from "./events/installation.ts";
import { issueDeleted } from "./events/issue-deleted.ts";
import { issueLabeled } from "./events/issue-labeled.ts";
import { issueReopened } from "./events/issue-reopened.ts";
import { issueTransferred } from "./events/issue-transferred.ts";
import { labelFound } from "./events/label-found.ts";
import { pullRequestEvents } from "./events/pull-request.ts";
import { pullRequestReverted } from "./events/pull-request-reverted.ts";
import { repositoryDeleted } from "./events/repository-deleted.ts";
import { repositoryRenamed, repositoryTransferred } from "./events/repository-renamed.ts";
import { reviewCommented, reviewSubmitted } from "./events/review.ts";
import { settingsChanged } from "./events/settings-changed.ts";
import { settingsProposedEvents } from "./events/settings-proposed.ts";

/** Everything that GitHub may tell us and we act on; several may act on the same. */
export const webhookEvents: readonly AppEvent[] = [
  issueLabeled,
  commentCreated,
  ...controlEvents,
  ...pullRequestEvents,
  pullRequestReverted,
  ...settingsProposedEvents,
  settingsChanged,
  ...checkEvents,
  checkCompleted,
  reviewSubmitted,
  reviewCommented,
  issueReopened,
  issueDeleted,
  issueTransferred,
  repositoryDeleted,
  repositoryRenamed,
  repositoryTransferred,
  installationCreated,
  repositoriesAdded,
  permissionsAccepted,
  installationDeleted,
  repositoriesRemoved,
];

const byName = new Map<string, AppEvent>();
for (const event of webhookEvents) {
  const before = byName.get(event.name);
  byName.set(event.name, before === undefined ? event : eachOf([before, event]));
}

/** The handler of a stored delivery, null when it is of a kind that this version does not know. */
export const eventNamed = (name: string): AppEvent | null =>
  (name === labelFound.name ? labelFound : byName.get(name)) ?? null;

export const eventName = (event: string, payload: unknown): string => {
  const action = fieldAt(payload, "action");
  return typeof action === "string" ? `${event}.${action}` : event;
};

/** Whether a delivery from outside has to be stored. */
export function relevance(event: string, payload: object): "ours" | "none" | "not-understood" {
  const known = byName.get(eventName(event, payload));
  if (known === undefined || !known.concerns(payload)) return "none";
  return known.understands(payload) ? "ours" : "not-understood";
}
