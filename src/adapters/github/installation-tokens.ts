import { z } from "zod";
import type { Clock } from "../../ports/clock.ts";
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

/**
 * Replaces the tokens that the client goes on using although GitHub refuses them: revoked, expired early, or older than a
 * permission that was given since.
 */
export type InstallationTokens = {
  /** What to send for `token`. */
  instead(token: string): string;
  replace(client: GitHubClient, refused: string): Promise<string>;
  /** A token that may have more permissions than `lacking`; null when that is too new for it. */
  renew(client: GitHubClient, lacking: string): Promise<string | null>;
};

/** Nobody gives permissions more often (milliseconds): until then a token's are those of now. */
const young = 300_000;

export function createInstallationTokens(
  installation: number,
  clock: Pick<Clock, "now">,
): InstallationTokens {
  const refusedOnes = new Set<string>();
  let latest: string | null = null;
  let mintedAt = 0;
  let minting: Promise<string> | null = null;
  const mint = async (client: GitHubClient): Promise<string> => {
    try {
      latest = await mintToken(client, installation);
      mintedAt = clock.now();
      return latest;
    } finally {
      minting = null;
    }
  };
  const replace: InstallationTokens["replace"] = async (client, refused) => {
    refusedOnes.add(refused);
    if (latest !== null && !refusedOnes.has(latest)) return latest;
    minting ??= mint(client);
    return minting;
  };
  return {
    instead: (token) => (refusedOnes.has(token) ? (latest ?? token) : token),
    replace,
    renew: async (client, lacking) =>
      lacking === latest && clock.now() - mintedAt < young ? null : replace(client, lacking),
  };
}
