import { createEmulator } from "emulate";
import { z } from "zod";
import { neededEvents, neededPermissions } from "../../domain/registration.ts";

export type Role = "admin" | "maintain" | "write" | "triage" | "read" | "none";

export type EmbeddedUser = { readonly login: string; readonly permission: Role };

/** emulate's words for collaborator rights. */
const grants = {
  admin: "admin",
  maintain: "maintain",
  write: "push",
  triage: "triage",
  read: "pull",
} as const;

export type EmulatedGitHub = {
  /** Where emulate listens. */
  readonly url: string;
  /** The address that emulate writes into its answers. */
  readonly advertised: string;
  readonly privateKey: string;
  /** Calls emulate as one of the users; throws when it refuses. */
  readonly as: (login: string, method: string, path: string, body?: unknown) => Promise<unknown>;
  /** The owner gives somebody this role, and no other. */
  readonly grant: (login: string, role: Role) => Promise<void>;
  readonly tokens: readonly string[];
  readonly close: () => Promise<void>;
};

export type EmulatorSeed = {
  readonly appId: number;
  readonly appSlug: string;
  readonly appName: string;
  readonly installationId: number;
  readonly hookUrl: string;
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  readonly users: readonly EmbeddedUser[];
};

/** emulate refuses a token after 5,000 calls within an hour; people who watch a bot for an hour need more. */
const tokensEach = 40;

const tokenOf = (login: string, nth: number): string => `ghp_embedded_${login}_${nth}`;

/** Starts emulate with one private repository, its people and the installed App. */
export async function startEmulator(seed: EmulatorSeed): Promise<EmulatedGitHub> {
  const logins = [...new Set([seed.owner, ...seed.users.map((user) => user.login)])];
  const tokens = logins.flatMap((login) =>
    Array.from({ length: tokensEach }, (_, nth) => ({ token: tokenOf(login, nth), login })),
  );
  let calls = 0;
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      tokens: Object.fromEntries(tokens.map(({ token, login }) => [token, { login, scopes: ["repo"] }])),
      github: {
        users: logins.map((login) => ({ login })),
        repos: [{ owner: seed.owner, name: seed.name, private: true, default_branch: seed.defaultBranch }],
        apps: [
          {
            app_id: seed.appId,
            slug: seed.appSlug,
            name: seed.appName,
            permissions: neededPermissions,
            events: [...neededEvents],
            webhook_url: seed.hookUrl,
            installations: [
              {
                installation_id: seed.installationId,
                account: seed.owner,
                repository_selection: "selected",
                repositories: [`${seed.owner}/${seed.name}`],
              },
            ],
          },
        ],
      },
    },
  });
  const url = `http://127.0.0.1:${new URL(emulator.url).port}`;

  const as: EmulatedGitHub["as"] = async (login, method, path, body) => {
    const token = tokenOf(login, calls++ % tokensEach);
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `token ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = response.status === 204 ? null : await response.json();
    if (!response.ok) throw new Error(`${login}: ${method} ${path}: ${response.status}`);
    return answer;
  };

  const grant: EmulatedGitHub["grant"] = async (login, role) => {
    const path = `/repos/${seed.owner}/${seed.name}/collaborators/${login}`;
    if (role === "none") await as(seed.owner, "DELETE", path);
    else await as(seed.owner, "PUT", path, { permission: grants[role] });
  };
  for (const { login, permission } of seed.users) {
    if (login !== seed.owner && permission !== "none") await grant(login, permission);
  }
  const key = emulator.generatedSecrets.find((secret) => secret.kind === "github.app_private_key");
  return {
    url,
    advertised: emulator.url,
    privateKey: z.string().parse(key?.value),
    as,
    grant,
    tokens: tokens.map(({ token }) => token),
    close: () => emulator.close(),
  };
}
