import { z } from "zod";
import type { RepairRun } from "../domain/run.ts";
import type { RepoSettings } from "../domain/settings.ts";
import { pocsPassed } from "../domain/verdict.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { Proposed } from "../report/pull-request.ts";
import { mayStillHave } from "./may-still-have.ts";

/** Why a patch is shown but not proposed. */
export const Withheld = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["forbidden", "dry-run", "not-reproduced"]) }),
  z.object({ kind: z.literal("others-work"), numbers: z.array(z.number()) }),
  z.object({ kind: z.literal("access-lost"), sender: z.string() }),
  z.object({ kind: z.literal("rejected"), message: z.string() }),
]);
type Withheld = z.infer<typeof Withheld>;

/** What keeps a patch from becoming a pull request, or from being a ready one; the settings' own reasons come first. */
export async function whatWithholds(
  deps: { readonly logger: Logger },
  forge: Forge,
  run: RepairRun,
  { verdict }: Pick<Proposed, "verdict">,
  { pr, dry_run, validation, permissions }: RepoSettings,
): Promise<{ readonly withheld: Withheld | null; readonly others: readonly number[] }> {
  const because = (withheld: Withheld) => ({ withheld, others: [] });
  if (dry_run) return because({ kind: "dry-run" });
  if (pr.mode === "never") return because({ kind: "forbidden" });
  if (validation.require_repro && pocsPassed(verdict) === 0) return because({ kind: "not-reproduced" });
  const { sender } = run.trigger;
  if (!(await mayStillHave(deps, forge, run, permissions))) return because({ kind: "access-lost", sender });
  // some may have come while the run was under way
  const heeded = run.force !== true && pr.if_other_pr !== "ignore";
  const others = heeded ? await forge.claiming(run.issue.ref) : [];
  const stopped = others.length > 0 && pr.if_other_pr === "stop";
  return { withheld: stopped ? { kind: "others-work", numbers: [...others] } : null, others };
}
