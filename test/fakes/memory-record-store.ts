import { outcomeKinds } from "../../src/domain/calibration/pull-request-outcome.ts";
import { RepairError } from "../../src/domain/errors.ts";
import { repoSlug } from "../../src/domain/issue.ts";
import { schemaVersion, type RecordEvent } from "../../src/domain/record/event.ts";
import type { RecordedEvent, RecordStore } from "../../src/ports/run-record.ts";
import type { RunReader } from "../../src/ports/run-store.ts";

const tellsOutcome = ({ kind }: RecordEvent): boolean =>
  outcomeKinds.some((known: RecordEvent["kind"]) => known === kind);

/** Records of a memory run store's runs; of other stores' runs a pull request is known when its run has ended. */
export function createMemoryRecordStore(
  runs: Pick<RunReader, "run" | "recent"> & { readonly opened?: (id: string) => number | null },
): RecordStore {
  const events = new Map<string, Map<string, RecordedEvent>>();
  const texts = new Map<string, string>();
  return {
    async append(runId, entries) {
      if ((await runs.run(runId)) === null)
        throw new RepairError("store-unavailable", `there is no ${runId}`);
      const known = new Set([
        ...texts.keys(),
        ...entries.flatMap((entry) => entry.texts.map((it) => it.sha256)),
      ]);
      if (entries.some(({ blobs }) => blobs.some((hash) => !known.has(hash)))) {
        throw new RepairError("store-unavailable", "an event refers to a text that is not there");
      }
      const ofRun = events.get(runId) ?? new Map<string, RecordedEvent>();
      events.set(runId, ofRun);
      for (const { id, time, event, texts: added } of entries) {
        if (!ofRun.has(id)) ofRun.set(id, structuredClone({ id, time, event, schemaVersion }));
        for (const { sha256, text } of added) texts.set(sha256, text);
      }
    },
    events: async (runId) => [...(events.get(runId)?.values() ?? [])],
    text: async (sha256) => texts.get(sha256) ?? null,
    async runOfPullRequest(repo, number) {
      const slug = repoSlug(repo).toLowerCase();
      const found = (await runs.recent(1_000)).find(
        ({ id, state, issue }) =>
          (runs.opened?.(id) ?? (state.at === "proposed" ? state.pullRequest : null)) === number &&
          repoSlug(issue.ref.repo).toLowerCase() === slug,
      );
      return found?.id ?? null;
    },
    async pullRequests(repo, limit) {
      const slug = repoSlug(repo).toLowerCase();
      const found = new Map<number, RecordEvent[]>();
      for (const { id, state, issue } of await runs.recent(1_000)) {
        if (state.at !== "proposed" || repoSlug(issue.ref.repo).toLowerCase() !== slug) continue;
        const told = [...(events.get(id)?.values() ?? [])].map(({ event }) => event).filter(tellsOutcome);
        if (told.length > 0) found.set(state.pullRequest, [...told, ...(found.get(state.pullRequest) ?? [])]);
      }
      return [...found]
        .toSorted(([a], [b]) => b - a)
        .slice(0, limit)
        .map(([number, told]) => ({ number, events: told }));
    },
  };
}
