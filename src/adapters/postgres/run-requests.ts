import { sql } from "kysely";
import { RepairError } from "../../domain/errors.ts";
import { issueKey, repoSlug, type IssueRef } from "../../domain/issue.ts";
import { limitHit, type Load } from "../../domain/limits.ts";
import { costlyKinds, type RepairRun, type RunRequest } from "../../domain/run.ts";
import type { RequestOutcome, RequestPolicy, RunStore } from "../../ports/run-store.ts";
import { newRunId, readableRun, runOf, stateColumns, type RunRow } from "./run-record.ts";
import { lockFor, moveRow, type StoreParts } from "./run-rows.ts";
import type { DatabaseTransaction } from "./tables.ts";

const day = 24 * 60 * 60 * 1000;

/** A repository's name as a key. */
export const repositoryKey = (repo: Parameters<typeof repoSlug>[0]): string => repoSlug(repo).toLowerCase();

export function createRunRequests(parts: StoreParts): Pick<RunStore, "request"> {
  const { transact, clock } = parts;

  async function load(transaction: DatabaseTransaction, issue: IssueRef): Promise<Load> {
    const of = transaction.selectFrom("run").where("repository", "=", repositoryKey(issue.repo));
    const costly = of
      .where("kind", "in", costlyKinds)
      // what was cancelled before anybody began it has cost nothing
      .where((eb) => eb.or([eb("at", "!=", "cancelled"), eb("started_at", "is not", null)]));
    const ofIssue = await costly
      .where("issue_key", "=", issueKey(issue))
      .select((eb) => eb.fn.countAll<string>().as("runs"))
      .executeTakeFirstOrThrow();
    const recent = await costly
      .where("created_at", ">", new Date(clock.now() - day))
      // what a clock that was wrong dated later must not count for ever
      .where("created_at", "<", new Date(clock.now() + day))
      .select((eb) => [
        eb.fn.countAll<string>().as("runs"),
        sql<string>`coalesce(sum(tokens), 0)`.as("tokens"),
      ])
      .executeTakeFirstOrThrow();
    const open = await of
      .where("pull_request_open", "=", true)
      .select((eb) => [
        eb.fn.count<string>("pull_request").distinct().as("count"),
        eb.fn.countAll<string>().filterWhere("issue_key", "=", issueKey(issue)).as("own"),
      ])
      .executeTakeFirstOrThrow();
    return {
      runsPerIssue: Number(ofIssue.runs),
      runsPerDay: Number(recent.runs),
      tokensPerDay: Number(recent.tokens),
      openPullRequests: Number(open.count),
      ownIsOpen: Number(open.own) > 0,
    };
  }

  async function insert(
    transaction: DatabaseTransaction,
    request: RunRequest,
    row: Pick<RunRow, "id" | "issue_key" | "attempt" | "priority" | "at_once">,
  ): Promise<RepairRun> {
    const now = new Date(clock.now());
    const queued = stateColumns({ at: "queued" });
    const { kind, installation, issue, trigger } = request;
    const inserted = await transaction
      .insertInto("run")
      .values({
        ...row,
        ...queued,
        kind,
        installation,
        repository: repositoryKey(issue.ref.repo),
        trigger_delivery: trigger.delivery,
        request: JSON.stringify(request),
        fence: 0,
        created_at: now,
        changed_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const cause = `requested by ${trigger.sender} (${trigger.kind})`;
    await transaction
      .insertInto("run_transition")
      .values({ run_id: row.id, happened_at: now, cause, state: queued.state })
      .execute();
    await parts.enqueue(transaction, [{ kind: "run", id: row.id }]);
    return runOf(inserted);
  }

  /** Ends the queued run and asks the running one to make way. */
  async function supersede(
    transaction: DatabaseTransaction,
    live: readonly RunRow[],
    by: string,
    successor: string,
  ): Promise<void> {
    for (const row of live) {
      if (row.at === "running") {
        const order = { cancel_by: by, successor };
        await transaction.updateTable("run").set(order).where("id", "=", row.id).execute();
        continue;
      }
      const state = { at: "cancelled", by, successor } as const;
      await moveRow(parts, transaction, row, { kind: "ended", state });
    }
  }

  async function decide(
    transaction: DatabaseTransaction,
    request: RunRequest,
    policy: RequestPolicy,
  ): Promise<RequestOutcome> {
    const issue_key = issueKey(request.issue.ref);
    // limits count what a repository has, so requests of one repository are decided one after the other
    await lockFor(transaction, `requests of ${repositoryKey(request.issue.ref.repo)}`);
    const earlier = await transaction
      .selectFrom("run")
      .selectAll()
      .where("issue_key", "=", issue_key)
      .orderBy("sequence", "desc")
      .forUpdate()
      .execute();
    const same = earlier.find((row) => row.trigger_delivery === request.trigger.delivery);
    if (same !== undefined) return { kind: "already-live", run: runOf(same) };
    const live = earlier.filter(({ at }) => at === "running" || at === "queued");
    // one that this version cannot read answers nobody, so it gives way in any case
    const superseded = live.flatMap((row) => readableRun(row) ?? []);
    const [latest] = superseded;
    if (latest !== undefined && policy.newer === "refuse") return { kind: "already-live", run: latest };
    if (costlyKinds.includes(request.kind)) {
      const hit = limitHit(policy.limits, await load(transaction, request.issue.ref), request.kind);
      if (hit !== null) return { kind: "limited", hit };
    }
    const id = newRunId(clock.now());
    await supersede(transaction, live, request.trigger.sender, id);
    const { priority, limits } = policy;
    const at_once = Number.isFinite(limits.repositoryRuns) ? limits.repositoryRuns : null;
    const row = { id, issue_key, attempt: earlier.length + 1, priority, at_once };
    const run = await insert(transaction, request, row);
    return { kind: "created", run, superseded };
  }

  return {
    request(request, policy) {
      if (!Number.isSafeInteger(policy.priority)) {
        throw new RepairError("internal", `${policy.priority} is no priority`);
      }
      return transact((transaction) => decide(transaction, request, policy));
    },
  };
}
