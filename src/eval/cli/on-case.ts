import { localSettings, tellNotes } from "../../cli/local-settings.ts";
import { withOwnData } from "../../cli/own-data.ts";
import { withImage } from "../../cli/with-image.ts";
import type { Config } from "../../config.ts";
import { createUsageMeter } from "../../pipeline/usage-meter.ts";
import type { StageContext } from "../../pipeline/stage-context.ts";
import type { InferenceClient } from "../../ports/inference-client.ts";
import { onRepository } from "../../runs/repair-issue.ts";
import type { StageDefaults } from "../../runs/with-stage.ts";
import { wireLogger } from "../../wire/base.ts";
import { wireNoRecord } from "../../wire/local.ts";
import { wireTools } from "../../wire/tools.ts";
import type { Case } from "../suite/case.ts";
import type { FileJournal } from "./file-journal.ts";
import { findClone } from "./find-clone.ts";
import { issueOf } from "./issue-of.ts";

/** How the method works on a case, beside its usual ways. */
export type Method = {
  readonly inference: InferenceClient;
  readonly defaults: Pick<StageDefaults, "profile"> & Partial<StageDefaults>;
  readonly journal: FileJournal;
};

/** What was worked out, or why the case cannot be worked on here. */
export type OnCase<T> = { readonly result: T } | { readonly why: string };

/** What is asked is said by the method, not by the repository's own settings. */
const asTheMethodSays = {
  profile: null,
  critique: null,
  validation: { candidates: null, poc: { assert: null, no_assert: null } },
} as const;

/**
 * Works on a case's repository at its base commit, in the case's image, with a data directory of its own. Throws RepairError
 * when anything breaks but that the clone or the image is not here.
 */
export async function onCase<T>(
  config: Config,
  { instance, question, truth }: Case,
  repos: string,
  { inference, defaults, journal }: Method,
  signal: AbortSignal,
  work: (context: StageContext) => Promise<T>,
): Promise<OnCase<T>> {
  const clone = await findClone(repos, question.gitSource);
  if (clone === null) return { why: `no clone of ${question.gitSource} below the folder of clones` };
  // other sandboxes run the host's own programs
  const image = config.sandbox.kind === "docker" ? truth.run.image : null;
  return withOwnData(config, async (own) => {
    const logger = wireLogger(own, "silent");
    const tools = await wireTools(own, inference, logger, image);
    const check = await tools.sandbox.check(image);
    if (!check.ok) return { why: check.detail };
    const { result } = await onRepository(
      { ...tools, defaults: { ...tools.defaults, rankingMethod: "lexicographic", ...defaults } },
      {
        // of the case, so that a later run asks for the very same executions
        runId: `eval-${instance}`,
        issue: issueOf(question),
        source: { kind: "local", directory: clone },
        ref: question.baseCommit,
        journal,
        record: wireNoRecord(),
        settings: localSettings({ ...withImage(image), ...asTheMethodSays }, tools.defaults),
        onSettings: tellNotes,
        usage: createUsageMeter(),
        progress: () => undefined,
        signal,
        stop: new AbortController().signal,
      },
      work,
    );
    return { result };
  });
}
