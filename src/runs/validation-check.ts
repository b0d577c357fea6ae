import type { RepairRun } from "../domain/run.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { Proposed } from "../report/pull-request.ts";
import { checkActionList, validationReport } from "../report/validation-check.ts";
import { ifPossible } from "./if-possible.ts";

/** Also what branch rules call it. */
export const validationCheckName = "copatcher / validation";

/** What the external ids of these checks begin with. */
export const validationCheckPrefix = "validation:";

/** The run that a check of ours is about, by its external id; null for any other. */
export const runOfCheck = (externalId: string): string | null =>
  externalId.startsWith(validationCheckPrefix) ? externalId.slice(validationCheckPrefix.length) : null;

/**
 * Shows the verdict beside a commit of ours (null where none is made). The pull request says it too, so a forge that fails
 * is only logged; throws when the run is not this worker's any more, or breaks off. Gives whether the App may write checks,
 * as far as that was seen.
 */
export async function showValidation(
  { logger }: { readonly logger: Logger },
  forge: Forge,
  shown: {
    /** Whose verdict it is, and where. */
    readonly run: Pick<RepairRun, "id" | "issue">;
    readonly result: Proposed;
    readonly headSha: string | null;
    /** What is to be said besides. */
    readonly remark?: string;
  },
): Promise<boolean> {
  const { run, result, headSha, remark } = shown;
  if (headSha === null) return true;
  let may = true;
  await ifPossible(logger, { runId: run.id, failed: "the verdict's check was not written" }, async () => {
    const check = await forge.upsertCheckRun(run.issue.ref.repo, {
      headSha,
      name: validationCheckName,
      externalId: `${validationCheckPrefix}${run.id}`,
      ...validationReport(result, remark),
      actions: checkActionList,
    });
    may = check !== null;
  });
  return may;
}
