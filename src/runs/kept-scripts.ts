import type { KnownScript } from "../pipeline/known-scripts.ts";
import type { RecordStore } from "../ports/run-record.ts";

/** The scripts that a run confirmed, as far as its record still has them. */
export async function keptScripts(
  records: Pick<RecordStore, "events" | "text">,
  runId: string,
): Promise<readonly KnownScript[]> {
  const scripts: KnownScript[] = [];
  for (const { event } of await records.events(runId)) {
    if (event.kind !== "poc" || event.confirmed === null) continue;
    const source = await records.text(event.confirmed.source.sha256);
    if (source !== null) scripts.push({ id: event.poc, kind: event.style, source });
  }
  return scripts;
}
