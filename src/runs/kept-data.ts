import type { Clock } from "../ports/clock.ts";
import type { DataCounts, KeptData, KeptFiles, StoredData } from "../ports/kept-data.ts";
import type { Workspace } from "../ports/workspace.ts";

/**
 * Rows and files as one. What a scope reaches is asked first and files go before rows: after a crash in between, the
 * same removal still finds what is left.
 */
export const createKeptData = (stored: StoredData, files: readonly KeptFiles[]): KeptData => ({
  async *export(scope) {
    yield* stored.export(scope);
    const reach = await stored.reach(scope, { live: true });
    for (const kind of files) yield* kind.export(reach);
  },
  async remove(scope) {
    const reach = await stored.reach(scope, { live: false });
    const counts: DataCounts[] = [];
    for (const kind of files) counts.push(await kind.remove(reach));
    counts.push(await stored.remove(scope));
    return summed(counts);
  },
  async prune(retention) {
    const counts = [await stored.prune(retention)];
    for (const kind of files) counts.push(await kind.prune(retention));
    return summed(counts);
  },
  // the files of the old name are forgotten like those of what was removed elsewhere
  rename: (renaming) => stored.rename(renaming),
  installationsOf: (repo) => stored.installationsOf(repo),
});

export function summed(all: readonly DataCounts[]): DataCounts {
  const total = new Map<string, number>();
  for (const counts of all) {
    for (const [what, count] of Object.entries(counts)) total.set(what, (total.get(what) ?? 0) + count);
  }
  return Object.fromEntries(total);
}

const dayMs = 24 * 60 * 60 * 1_000;

/** Mirrors and archives of repositories: copies of what the forge has, so they are not exported. */
export const keptMirrors = (
  workspace: Pick<Workspace, "repositories" | "forget" | "prune">,
  clock: Clock,
): KeptFiles => ({
  inventory: async () => ({ runs: [], repositories: await workspace.repositories(), logs: [] }),
  // oxlint-disable-next-line require-yield -- there is nothing in them that the forge does not give
  async *export() {},
  async remove({ repositories }) {
    let mirrors = 0;
    for (const repository of repositories) mirrors += await workspace.forget(repository);
    return { mirrors };
  },
  // like steps, they are there to go on quickly
  async prune({ steps }) {
    return steps === null ? {} : { mirrors: await workspace.prune(clock.now() - steps * dayMs) };
  },
});
