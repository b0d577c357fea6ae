import { asRepairError, type RepairError } from "../domain/errors.ts";
import { issueKey, repoSlug, type RepoRef } from "../domain/issue.ts";
import type { AppForge, DeliveryAttempt, SeenRepository } from "../ports/app-forge.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { RunStore } from "../ports/run-store.ts";
import { dueDeliveries } from "./due-deliveries.ts";

export type ReconcileDependencies = {
  readonly app: AppForge;
  readonly runs: Pick<RunStore, "unknownDeliveries" | "receive" | "recent" | "transitions" | "takeDuty">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The label that starts a run in a repository, null when none does. */
  readonly labelOf: (installation: number, repo: RepoRef) => Promise<string | null>;
  /** Names (`event.action`) of deliveries that we act on. */
  readonly events: ReadonlySet<string>;
  /** How long the forge can deliver again, in days. */
  readonly windowDays: number;
};

/** What one sweep did; ids of deliveries asked for again, keys of issues whose label was taken for a request. */
export type Swept = { readonly redelivered: readonly string[]; readonly found: readonly string[] };

const labeled = "issues.labeled";
const minute = 60_000;
const day = 24 * 60 * minute;
/** A label may be younger than its delivery's way through the queue, and so old that nobody waits for it. */
const labelAge = { least: 2 * minute, most: 7 * day };
/** Of one sweep; the next one goes on. */
const mostRedeliveries = 50;
const mostRepositories = 200;
/** Runs among which one for a label is looked for. */
const newest = 500;

/**
 * Looks for what was lost between the forge and us: deliveries that nobody took are asked for again, and a labelled
 * issue without a run (the label goes when a run starts) is treated as if its delivery had come. Never rejects.
 */
export function createReconciler(deps: ReconcileDependencies): () => Promise<Swept> {
  const { app, clock, logger } = deps;
  /** Where the next sweep goes on among many repositories. */
  let next = 0;

  /** False when the forge asks for a pause, which ends the sweep. */
  function goesOn(error: RepairError, what: string): boolean {
    const { code, message, data } = error;
    logger.warn({ code, error: message }, what);
    return code === "forge-rejected" && data["retryAfter"] === undefined && data["status"] !== 429;
  }

  async function redeliver(attempts: readonly DeliveryAttempt[]): Promise<readonly DeliveryAttempt[]> {
    const due = dueDeliveries(attempts, deps.events, clock.now());
    const unknown = new Set(await deps.runs.unknownDeliveries(due.map(({ delivery }) => delivery)));
    const asked: DeliveryAttempt[] = [];
    for (const attempt of due.filter(({ delivery }) => unknown.has(delivery)).slice(0, mostRedeliveries)) {
      try {
        await app.redeliver(attempt.id);
        asked.push(attempt);
      } catch (error) {
        if (!goesOn(asRepairError(error), "a delivery was not asked for again")) throw error;
      }
    }
    return asked;
  }

  async function visited(skipped: ReadonlySet<number>): Promise<readonly Visit[]> {
    const visits: Visit[] = [];
    for (const installation of await app.installations()) {
      if (skipped.has(installation)) continue;
      try {
        const repositories = await app.repositories(installation);
        visits.push(...repositories.map((repository) => ({ installation, repository })));
      } catch (error) {
        if (!goesOn(asRepairError(error), "an installation was not looked at")) throw error;
      }
    }
    const withIssues = visits.filter(({ repository }) => repository.openIssues > 0);
    const from = next < withIssues.length ? next : 0;
    next = from + mostRepositories;
    return withIssues.slice(from, next);
  }

  async function takeLabels(
    { installation, repository }: Visit,
    attempts: readonly DeliveryAttempt[],
  ): Promise<readonly string[]> {
    const found: string[] = [];
    const label = await deps.labelOf(installation, repository.repo);
    if (label === null) return found;
    for (const issue of await app.labelled(installation, repository.repo, label)) {
      const labelling = await app.labelling(installation, issue.ref, label);
      if (labelling === null || labelling.actor.bot) continue;
      const age = clock.now() - labelling.time;
      if (age < labelAge.least || age > labelAge.most) continue;
      const id = `label-event-${labelling.id}`;
      const [unknown] = await deps.runs.unknownDeliveries([id]);
      if (unknown === undefined || (await hasRunSince(deps, issueKey(issue.ref), labelling.time))) continue;
      // should the delivery that was lost come after all, it is known
      for (const lost of sameLabelling(attempts, repository.id, labelling.time))
        await deps.runs.receive({ id: lost, event: "copatcher-label", payload: { action: "replaced" } });
      const payload = {
        action: "found",
        // named as in webhooks, by which the data of an installation, a repository or an issue is found
        installation: { id: installation },
        repository: { full_name: repoSlug(issue.ref.repo) },
        issue: { number: issue.ref.number, ...issue },
        sender: labelling.actor.login,
        label: labelling.label,
        at: new Date(labelling.time).toISOString(),
      };
      await deps.runs.receive({ id, event: "copatcher-label", payload });
      found.push(issueKey(issue.ref));
    }
    return found;
  }

  return async () => {
    const redelivered: DeliveryAttempt[] = [];
    const found: string[] = [];
    try {
      const attempts = await app.attempts(clock.now() - deps.windowDays * day);
      redelivered.push(...(await redeliver(attempts)));
      // what is delivered again in this moment may be the label that is still on
      const labels = redelivered.filter(({ event }) => event === labeled);
      const busy = new Set(labels.flatMap(({ installation }) => installation ?? []));
      for (const visit of await visited(busy)) {
        try {
          found.push(...(await takeLabels(visit, attempts)));
        } catch (error) {
          const repo = repoSlug(visit.repository.repo);
          if (!goesOn(asRepairError(error), `the labelled issues of ${repo} were not looked at`)) throw error;
        }
      }
    } catch (error) {
      const { code, message } = asRepairError(error);
      logger.warn({ code, error: message }, "the look for lost deliveries ended early");
    }
    const swept = { redelivered: redelivered.map(({ delivery }) => delivery), found };
    if (redelivered.length + found.length > 0) logger.info(swept, "lost deliveries were found");
    return swept;
  };
}

type Visit = { readonly installation: number; readonly repository: SeenRepository };

/** Whether a run of the issue was asked for after that time: the label was heard, and could only not be taken off. */
async function hasRunSince(deps: ReconcileDependencies, issue: string, time: number): Promise<boolean> {
  const runs = await deps.runs.recent(newest);
  const ofIssue = runs.filter((run) => issueKey(run.issue.ref) === issue);
  for (const { id } of ofIssue) {
    const [first] = await deps.runs.transitions(id);
    if (first !== undefined && first.time >= time) return true;
  }
  return false;
}

/** Deliveries that told of a label in that repository in the moment when it was put on. */
const sameLabelling = (
  attempts: readonly DeliveryAttempt[],
  repository: number,
  time: number,
): readonly string[] => {
  const same = attempts.filter((attempt) => attempt.event === labeled && attempt.repository === repository);
  const first = new Map<string, number>();
  for (const attempt of same)
    first.set(attempt.delivery, Math.min(attempt.time, first.get(attempt.delivery) ?? Infinity));
  return [...first].filter(([, sent]) => Math.abs(sent - time) < minute / 2).map(([delivery]) => delivery);
};
