import { asRepairError } from "../domain/errors.ts";
import type { RepoRef } from "../domain/issue.ts";
import type { Forge, Permission } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";
import type { Notice } from "../report/notice.ts";

const allowed: ReadonlySet<Permission> = new Set(["write", "maintain", "admin"]);

/** Why `sender` may not give orders in the repository, null when they may. Whatever cannot be checked is refused. */
export async function refusalFor(
  deps: { readonly logger: Logger },
  forge: Forge,
  repo: RepoRef,
  sender: string,
): Promise<Notice | null> {
  try {
    const permission = await forge.permission(repo, sender);
    return allowed.has(permission) ? null : { kind: "not-allowed", sender, permission };
  } catch (error) {
    const { code, message } = asRepairError(error);
    deps.logger.warn({ code, message }, "permission could not be checked");
    return { kind: "permission-unknown", sender };
  }
}
