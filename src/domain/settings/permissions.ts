import { z } from "zod";
import { verbs, type Right } from "../command/verbs.ts";
import { login } from "./login.ts";

/** A collaborator's role, weakest first. */
export const roles = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

const role = z.enum(["read", "triage", "write", "maintain", "admin"]);

const covered = (right: Right): string =>
  Object.entries(verbs)
    .filter(([, rule]) => rule.right === right)
    .map(([verb]) => verb)
    .join(", ");

/** Who may say what. Everything else that could let somebody in is refused. */
export const PermissionSettings = z.strictObject({
  fix: role.default("write").describe(`Role that may say ${covered("fix")}, or put the label on`),
  plan: role.default("triage").describe(`Role that may say ${covered("plan")}`),
  cancel: role
    .default("triage")
    .describe(`Role that may say ${covered("cancel")}; who asked for the run always may`),
  status: role.default("read").describe(`Role that may say ${covered("status")}`),
  users: z.array(login).max(100).default([]).describe("Logins that may say everything, whatever their role"),
  teams: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, "is no team's name as its address has it (slug)"))
    .max(10)
    .default([])
    .describe(
      "Teams of the repository's owner, by slug, whose members may say everything, whatever their role; the App needs the permission `members: read` for it",
    ),
  bots: z
    .array(
      z.union([z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,98}\[bot\]$/), z.int().min(1).max(999_999_999)], {
        error: "is neither a bot's login, such as renovate[bot], nor the number of an App",
      }),
    )
    .max(20)
    .default([])
    .describe(
      "Apps, by login such as renovate[bot] or by App id (a number), that may say everything; every other bot is ignored without a word",
    ),
});
export type Permissions = z.output<typeof PermissionSettings>;

/** Whether a role is at least another. */
export const isAtLeast = (has: Role, needs: Role): boolean => roles.indexOf(has) >= roles.indexOf(needs);
