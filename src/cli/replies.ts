import type { Profile } from "../domain/settings.ts";
import type { InferenceClient } from "../ports/inference-client.ts";
import { parseReplies, recordedCounts, type RecordedReplies } from "../simulator/replies.ts";
import { createScriptedClient } from "../simulator/scripted-client.ts";
import { readOption } from "./read-option.ts";

export type OpenReplies = { readonly replies: RecordedReplies; readonly client: InferenceClient };

/** A replies file as a model client. Throws `usage` when the file is not one. */
export async function openReplies(file: string): Promise<OpenReplies> {
  const replies = parseReplies(await readOption("--replies", file), `--replies: ${file}`);
  return { replies, client: createScriptedClient({ replies }) };
}

/** As many samples as were recorded, so that no sample fails for want of a recording. */
export function recordedProfile(replies: RecordedReplies, profile: Profile): Profile {
  const counts = recordedCounts(replies);
  return {
    ...profile,
    localizationSamples: counts["localize-files"] || profile.localizationSamples,
    candidates: counts.generate || profile.candidates,
    assertingPocs: counts["poc-asserting"],
    printingPocs: counts["poc-printing"],
  };
}
