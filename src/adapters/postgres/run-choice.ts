import { sql } from "kysely";
import type { Limits } from "../../domain/limits.ts";
import { nextRun, type WaitingRun } from "../../domain/next-run.ts";
import { readableRun, type RunRow } from "./run-record.ts";
import type { StoreParts } from "./run-rows.ts";
import type { DatabaseTransaction } from "./tables.ts";

/** Waiting runs of one repository that are looked at: more than can be held back by a run at work on their issue. */
const perRepository = 50;

/** Longer than any postponement: a run that would wait longer was postponed by a clock that was wrong. */
const longestWaitMs = 3 * 60 * 60 * 1000;

type Choice = (transaction: DatabaseTransaction, limits: Limits) => Promise<RunRow | null>;

/** Locks the run that is next (see `nextRun`); null when none may begin now. Only for one transaction at a time. */
export function createChoice({ clock, logger }: Pick<StoreParts, "clock" | "logger">): Choice {
  /** Runs that another version stored; one that can read them begins them. */
  const unreadable = new Set<string>();

  return async function choose(transaction: DatabaseTransaction, limits: Limits): Promise<RunRow | null> {
    const now = clock.now();
    const { rows } = await sql<WaitingRun>`
      select id, issue_key as issue, installation, repository, priority, sequence, at_once as "atOnce" from (
        select id, issue_key, installation, repository, priority, sequence, at_once, row_number() over (
          partition by installation, repository order by priority desc, sequence) as place
        from run where at = 'queued' and (not_before is null or not_before <= ${new Date(now)}
          or not_before > ${new Date(now + longestWaitMs)})
      ) as due where place <= ${perRepository}`.execute(transaction);
    if (rows.length === 0) return null;
    const working = await transaction
      .selectFrom("run")
      .select(["issue_key as issue", "installation", "repository"])
      .where("at", "=", "running")
      .execute();
    const { rows: begun } = await sql<{ installation: number; at: Date | null }>`
      select installation, (select max(claimed_at) from run where run.installation = waiting.installation) as at
      from (select distinct installation from run where at = 'queued') as waiting`.execute(transaction);
    const served = new Map(begun.map(({ installation, at }) => [installation, at?.getTime() ?? 0]));
    for (;;) {
      const waiting = rows.filter((run) => !unreadable.has(run.id));
      const id = nextRun(waiting, { working, served }, limits);
      if (id === null) return null;
      const row = await lockedRow(transaction, id);
      if (readableRun(row) !== null) return row;
      unreadable.add(id);
      logger.error({ runId: id }, "a run that this version cannot read is left to one that can");
    }
  };
}

async function lockedRow(transaction: DatabaseTransaction, id: string): Promise<RunRow> {
  return transaction.selectFrom("run").selectAll().where("id", "=", id).forUpdate().executeTakeFirstOrThrow();
}
