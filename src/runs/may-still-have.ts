import type { RepairRun } from "../domain/run.ts";
import type { Permissions } from "../domain/settings/permissions.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import { mayStill } from "./authorize.ts";
import { rightFor } from "./request-run.ts";

/**
 * Whether who asked for a run may still ask for it: what it writes after an hour it writes for them. Throws when the forge
 * cannot be asked.
 */
export const mayStillHave = (
  deps: { readonly logger: Logger },
  forge: Pick<Forge, "permission" | "isTeamMember">,
  { kind, issue, trigger }: Pick<RepairRun, "kind" | "issue" | "trigger">,
  permissions: Permissions,
): Promise<boolean> =>
  mayStill(deps, forge, permissions, {
    repo: issue.ref.repo,
    sender: trigger.sender,
    app: trigger.app,
    right: rightFor[kind],
  });
