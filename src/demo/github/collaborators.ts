import { z } from "zod";
import type { Answer } from "./answer.ts";
import { below, type Route, type Site } from "./route.ts";

const Granted = z.looseObject({ role_name: z.string(), user: z.looseObject({ login: z.string() }) });

/** GitHub folds roles into four words here: maintain counts as write, triage as read. */
const folded: Readonly<Record<string, string>> = {
  admin: "admin",
  maintain: "write",
  write: "write",
  triage: "read",
  read: "read",
  none: "none",
};

const roleOrder = ["none", "read", "triage", "write", "maintain", "admin"];

function complete(login: string, role: string, user: Readonly<Record<string, unknown>>): Answer {
  const at = (wanted: string): boolean => roleOrder.indexOf(role) >= roleOrder.indexOf(wanted);
  const permissions = {
    admin: at("admin"),
    maintain: at("maintain"),
    push: at("write"),
    triage: at("triage"),
    pull: at("read"),
  };
  return {
    status: 200,
    body: {
      permission: folded[role] ?? "none",
      role_name: role,
      user: { ...user, login, permissions, role_name: role },
    },
  };
}

/**
 * `GET collaborators/{login}/permission` with GitHub's words; people without any right on the private
 * repository have `none`, and only unknown logins are a 404. `user` looks a login up.
 */
export const permissionRoute = (
  site: Site,
  user: (login: string) => Promise<Readonly<Record<string, unknown>> | null>,
): Route => ({
  method: "GET",
  pattern: below(site, "collaborators/([^/]+)/permission"),
  contents: "none",
  handle: async ({ parts: [login = ""], forward }) => {
    const answer = await forward();
    const granted = Granted.safeParse(answer.body);
    if (granted.success) return complete(granted.data.user.login, granted.data.role_name, granted.data.user);
    if (answer.status !== 404) return answer;
    const person = await user(login);
    return person === null ? answer : complete(login, "none", person);
  },
});
