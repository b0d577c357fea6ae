import { z } from "zod";
import type { GitHubClient } from "./github-call.ts";

const Minted = z.object({ token: z.string() });

type Narrowed = {
  readonly repositories?: string[];
  readonly permissions?: { contents: "read" };
};

/** Asks GitHub for a token of its own; the client's own way leads to github.com when nothing was asked before. */
export async function mintToken(
  client: GitHubClient,
  installation: number,
  narrowed: Narrowed = {},
): Promise<string> {
  const route = "POST /app/installations/{installation_id}/access_tokens";
  const { data } = await client.request(route, { installation_id: installation, ...narrowed });
  return Minted.parse(data).token;
}

/** Replaces the tokens that the client goes on using although GitHub refuses them: revoked, or expired early. */
export type InstallationTokens = {
  /** What to send for `token`. */
  instead(token: string): string;
  replace(client: GitHubClient, refused: string): Promise<string>;
};

export function createInstallationTokens(installation: number): InstallationTokens {
  const refusedOnes = new Set<string>();
  let latest: string | null = null;
  let minting: Promise<string> | null = null;
  const mint = async (client: GitHubClient): Promise<string> => {
    try {
      latest = await mintToken(client, installation);
      return latest;
    } finally {
      minting = null;
    }
  };
  return {
    instead: (token) => (refusedOnes.has(token) ? (latest ?? token) : token),
    async replace(client, refused) {
      refusedOnes.add(refused);
      if (latest !== null && !refusedOnes.has(latest)) return latest;
      minting ??= mint(client);
      return minting;
    },
  };
}
