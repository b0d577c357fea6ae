import { z } from "zod";
import { RepairError } from "../../domain/errors.ts";
import type { RepoRef } from "../../domain/issue.ts";
import type { Permission } from "../../ports/forge.ts";
import type { Call, GitHubClient } from "./github-call.ts";

const Role = z.enum(["none", "read", "triage", "write", "maintain", "admin"]);

const Answer = z.object({ permission: z.string(), role_name: z.string().optional() });

/**
 * `role_name` has the true role; an organisation's custom role has a name of its own there, and then `permission`
 * tells the built-in role it rests on. Anything else is an error, so that callers refuse.
 */
export async function collaboratorPermission(
  call: Call,
  client: GitHubClient,
  repo: RepoRef,
  login: string,
): Promise<Permission> {
  const target = { owner: repo.owner, repo: repo.name, username: login };
  const answer = await call("read the sender's permission", Answer, () =>
    client.rest.repos.getCollaboratorPermissionLevel(target),
  );
  const role = Role.safeParse(answer.role_name).data ?? Role.safeParse(answer.permission).data;
  if (role !== undefined) return role;
  throw new RepairError("forge-rejected", "GitHub names a permission that is not known here.");
}
