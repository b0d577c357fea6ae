import { RepairError } from "../../domain/errors.ts";
import { issueKey, type RepoRef, repoSlug } from "../../domain/issue.ts";
import type { DataCounts, Renaming } from "../../ports/kept-data.ts";
import { rememberFormer } from "./forgotten.ts";
import type { StoredDataParts } from "./prune.ts";
import { renameDeliveries, renamedIn } from "./rename-deliveries.ts";
import { repositoryKey } from "./run-requests.ts";
import { lockFor } from "./run-rows.ts";
import type { DatabaseTransaction } from "./tables.ts";

/** See KeptData. The record stays as it is: it says how things were called then. */
export async function renameRepository(parts: StoredDataParts, renaming: Renaming): Promise<DataCounts> {
  const now = new Date(parts.clock.now());
  const renameRows = () => parts.transact((transaction) => renameAll(transaction, renaming, now));
  const { runs, fileCopies } = await renameRows();
  const deliveries = await renameDeliveries(parts, renaming);
  // what was asked for under the old name in the meantime
  const late = await renameRows();
  return { runs: runs + late.runs, fileCopies: fileCopies + late.fileCopies, deliveries };
}

async function renameAll(transaction: DatabaseTransaction, renaming: Renaming, now: Date) {
  const [from, to] = [repositoryKey(renaming.from), repositoryKey(renaming.to)];
  // nobody asks for a run under either name meanwhile; in one order, so that two renamings do not wait for each other
  for (const name of [...new Set([from, to])].toSorted()) await lockFor(transaction, `requests of ${name}`);
  if (from !== to) await refuseConflict(transaction, from, renaming.to);
  const runs = await renameRuns(transaction, renaming);
  if (from === to) return { runs, fileCopies: 0 };
  await rememberFormer(transaction, from, now);
  const fileCopies = await renameCopies(transaction, renaming);
  return { runs, fileCopies };
}

const numberIn = (key: string): number => Number(/#(\d+)$/.exec(key)?.[1]);

/** An issue has one live run; whoever asked under the new name before this was heard of may have begun a second one. */
async function refuseConflict(transaction: DatabaseTransaction, from: string, to: RepoRef): Promise<void> {
  const live = await transaction
    .selectFrom("run")
    .select(["id", "repository", "issue_key"])
    .where("repository", "in", [from, repositoryKey(to)])
    .where("at", "in", ["queued", "running"])
    .execute();
  const old = live.filter(({ repository }) => repository === from);
  const numbers = new Set(old.map(({ issue_key }) => numberIn(issue_key)));
  const second = live.filter((run) => run.repository !== from && numbers.has(numberIn(run.issue_key)));
  if (second.length === 0) return;
  throw new RepairError(
    "store-unavailable",
    `${from} is ${repoSlug(to)} now, and its data gets that name once no issue has a live run under each of them. ` +
      `Waiting for ${second.map(({ id }) => id).join(", ")}; cancelling them (\`/copatcher cancel\`) makes it sooner.`,
    { data: { from, to: repoSlug(to), live: second.map(({ id }) => id) } },
  );
}

/** Rows of one statement. */
const pageRows = 200;

async function renameRuns(
  transaction: DatabaseTransaction,
  { from, to, installation }: Renaming,
): Promise<number> {
  const repository = repositoryKey(to);
  let runs = 0;
  for (let after = 0; ;) {
    const rows = await transaction
      .selectFrom("run")
      .select(["id", "sequence", "issue_key", "request"])
      .where("repository", "=", repositoryKey(from))
      .where("sequence", ">", after)
      .orderBy("sequence")
      .limit(pageRows)
      .forUpdate()
      .execute();
    for (const { id, sequence, issue_key, request } of rows) {
      const changes = {
        repository,
        installation,
        issue_key: issueKey({ repo: to, number: numberIn(issue_key) }),
        request: JSON.stringify(renamedIn(JSON.parse(request), { from, to, installation })),
      };
      await transaction.updateTable("run").set(changes).where("id", "=", id).execute();
      after = sequence;
    }
    runs += rows.length;
    if (rows.length < pageRows) return runs;
  }
}

/** Copies of what another installation was shown are not this one's; they are read afresh. */
async function renameCopies(
  transaction: DatabaseTransaction,
  { from, to, installation }: Renaming,
): Promise<number> {
  const [old, repository] = [repositoryKey(from), repositoryKey(to)];
  await transaction
    .deleteFrom("file_copy")
    .where((eb) =>
      eb.or([
        eb.and([eb("repository", "=", old), eb("installation", "!=", installation)]),
        eb.and([
          eb("repository", "=", repository),
          eb.exists(eb.selectFrom("file_copy as one").select("path").where("one.repository", "=", old)),
        ]),
      ]),
    )
    .execute();
  const moved = transaction.updateTable("file_copy").set({ repository }).where("repository", "=", old);
  return Number((await moved.executeTakeFirst()).numUpdatedRows);
}
