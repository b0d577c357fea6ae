import { type RepoRef, repoSlug } from "../../domain/issue.ts";
import type { Renaming } from "../../ports/kept-data.ts";
import type { StoredDataParts } from "./prune.ts";
import { emptied, scopeDeliveries } from "./scope-deliveries.ts";

/** Gives the bodies of earlier deliveries the new name, so that what is handled or removed later finds it; returns how many. */
export async function renameDeliveries(
  { db, transact }: StoredDataParts,
  renaming: Renaming,
): Promise<number> {
  const told = await db
    .selectFrom("delivery")
    .select("received_at")
    .where("id", "=", renaming.told)
    .executeTakeFirst();
  let renamed = 0;
  for await (const found of scopeDeliveries(db, { kind: "repository", repo: renaming.from }, [])) {
    if (told !== undefined && found.received_at > told.received_at) continue;
    await transact(async (transaction) => {
      const row = await transaction
        .selectFrom("delivery")
        .select("payload")
        .where("id", "=", found.id)
        .where("payload", "!=", emptied)
        .forUpdate()
        .executeTakeFirst();
      if (row === undefined) return;
      const payload = JSON.stringify(renamedIn(JSON.parse(row.payload), renaming));
      await transaction.updateTable("delivery").set({ payload }).where("id", "=", found.id).execute();
    });
    renamed += 1;
  }
  return renamed;
}

type Change = Pick<Renaming, "from" | "to" | "installation">;

/** A request or a payload with the new name and installation where it names the repository; what people wrote stays. */
export function renamedIn(value: unknown, { from, to, installation }: Change): unknown {
  const renamed = withNames(value, repoSlug(from).toLowerCase(), to);
  if (!isRecord(renamed)) return renamed;
  const before = renamed["installation"];
  if (typeof before === "number") return { ...renamed, installation };
  return isRecord(before) ? { ...renamed, installation: { ...before, id: installation } } : renamed;
}

/** GitHub's form of a repository has `full_name`, ours `owner` and `name` only. */
function withNames(value: unknown, from: string, to: RepoRef): unknown {
  if (Array.isArray(value)) return value.map((one) => withNames(one, from, to));
  if (!isRecord(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withNames(one, from, to)]));
  const { owner, name, full_name } = copy;
  if (typeof full_name === "string" && full_name.toLowerCase() === from) {
    return {
      ...copy,
      full_name: repoSlug(to),
      ...(name === undefined ? {} : { name: to.name }),
      ...(isRecord(owner) ? { owner: { ...owner, login: to.owner } } : {}),
    };
  }
  const isOurs = typeof owner === "string" && typeof name === "string";
  return isOurs && `${owner}/${name}`.toLowerCase() === from ? { ...copy, ...to } : copy;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
