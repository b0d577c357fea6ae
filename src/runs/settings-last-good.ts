import { asRepairError } from "../domain/errors.ts";
import { repoSlug } from "../domain/issue.ts";
import type { Forge, Forges } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";

/** Files that are remembered, those read last. */
const most = 2_000;

type Kept = Map<string, Uint8Array | null>;

/**
 * Forges that give a file as this process last read it while GitHub cannot be read; one that was never read still throws
 * `forge-unavailable`.
 */
export function forgesWithLastGood(forges: Forges, logger: Logger): Forges {
  const kept: Kept = new Map();
  return {
    forInstallation: (installation, use) =>
      remembering(forges.forInstallation(installation, use), kept, { installation, logger }),
  };
}

const remembering = (
  forge: Forge,
  kept: Kept,
  { installation, logger }: { readonly installation: number; readonly logger: Logger },
): Forge => ({
  ...forge,
  async file(repo, path, commit) {
    // a commit stays what it is
    if (commit !== undefined) return forge.file(repo, path, commit);
    const key = `${installation} ${repoSlug(repo).toLowerCase()} ${path}`;
    try {
      const bytes = await forge.file(repo, path);
      kept.delete(key);
      kept.set(key, bytes);
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
      return bytes;
    } catch (error) {
      const { code, message } = asRepairError(error);
      const last = kept.get(key);
      if (code !== "forge-unavailable" || last === undefined) throw error;
      logger.warn({ repo, path, error: message }, "a file is used as it was read last");
      return last;
    }
  },
});
