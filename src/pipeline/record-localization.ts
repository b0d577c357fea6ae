import { canonicalJson, sha256 } from "../domain/canonical-json.ts";
import type { LineRange } from "../domain/location.ts";
import type { RecordEvent } from "../domain/record/event.ts";
import type { KeepText, RunRecord } from "../ports/run-record.ts";

/** Notes an event named by `what` it holds: a resumed run comes to the same values, and so to the same event. */
export const noted = (
  record: RunRecord,
  what: unknown,
  describe: (keep: KeepText) => RecordEvent,
): Promise<void> => record.note(sha256(canonicalJson(what)), describe);

/** What one localization sample named; null when its answer could not be read. */
type NamedBySample = { readonly sample: string; readonly named: readonly unknown[] | null };

type Merged = { readonly path: string; readonly range?: LineRange; readonly votes: number };

export const recordLocalization = (
  record: RunRecord,
  step: "files" | "lines",
  samples: readonly NamedBySample[],
  merged: readonly Merged[],
): Promise<void> =>
  noted(record, [step, samples, merged], () => ({
    kind: "localization",
    step,
    samples,
    merged: merged.map(({ path, range, votes }) => ({ path, range: range ?? null, votes })),
  }));
