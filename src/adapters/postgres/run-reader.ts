import { z } from "zod";
import { issueKey } from "../../domain/issue.ts";
import { runKinds } from "../../domain/run.ts";
import type { LiveCount, RunReader } from "../../ports/run-store.ts";
import { readableRun, runOf, transitionOf } from "./run-record.ts";
import { repositoryKey } from "./run-requests.ts";
import type { Database } from "./tables.ts";

const liveCount: z.ZodType<LiveCount> = z.object({
  kind: z.enum(runKinds),
  at: z.enum(["queued", "running"]),
  runs: z.number(),
});

export function createRunReader(db: Database): RunReader {
  const runs = () => db.selectFrom("run").selectAll();
  return {
    async run(id) {
      const row = await runs().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : runOf(row);
    },

    async recent(limit) {
      const rows = await runs().orderBy("sequence", "desc").limit(limit).execute();
      return rows.flatMap((row) => readableRun(row) ?? []);
    },

    async live(issue) {
      const rows = await runs()
        .where("issue_key", "=", issueKey(issue))
        .where("at", "in", ["queued", "running"])
        .orderBy("at", "desc")
        .execute();
      return rows.map(runOf);
    },

    async latest(issue) {
      const row = await runs()
        .where("issue_key", "=", issueKey(issue))
        .orderBy("sequence", "desc")
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : runOf(row);
    },

    async openPullRequests(limit) {
      const rows = await runs()
        .where("pull_request_open", "=", true)
        .orderBy("sequence", "desc")
        .limit(limit)
        .execute();
      const open = rows.flatMap((row) => {
        const run = readableRun(row);
        return run === null || row.pull_request === null
          ? []
          : [{ installation: run.installation, repo: run.issue.ref.repo, number: row.pull_request }];
      });
      return [...new Map(open.map((one) => [`${repositoryKey(one.repo)}#${one.number}`, one])).values()];
    },

    async transitions(id) {
      const rows = await db
        .selectFrom("run_transition")
        .selectAll()
        .where("run_id", "=", id)
        .orderBy("sequence")
        .execute();
      return rows.flatMap((row) => transitionOf(row) ?? []);
    },

    async position(id) {
      const row = await runs().where("id", "=", id).where("at", "=", "queued").executeTakeFirst();
      if (row === undefined) return null;
      const { ahead } = await db
        .selectFrom("run")
        .select((eb) => eb.fn.countAll<string>().as("ahead"))
        .where("at", "=", "queued")
        .where((eb) =>
          eb.or([
            eb("priority", ">", row.priority),
            eb.and([eb("priority", "=", row.priority), eb("sequence", "<", row.sequence)]),
          ]),
        )
        .executeTakeFirstOrThrow();
      return Number(ahead);
    },

    async counts() {
      const rows = await db
        .selectFrom("run")
        .select((eb) => ["kind", "at", eb.fn.countAll<string>().as("runs")])
        .where("at", "in", ["queued", "running"])
        .groupBy(["kind", "at"])
        .execute();
      // another version may know more kinds
      return rows.flatMap(({ kind, at, runs: live }) => {
        const known = liveCount.safeParse({ kind, at, runs: Number(live) });
        return known.success ? [known.data] : [];
      });
    },
  };
}
