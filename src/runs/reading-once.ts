import { repoSlug } from "../domain/issue.ts";
import type { Forges } from "../ports/forge.ts";

/**
 * Forges for one delivery, which ask for each file once: whoever decides about it reads the same settings. A read that
 * failed is done again.
 */
export function forgesReadingOnce(forges: Forges): Forges {
  const read = new Map<string, Promise<Uint8Array | null>>();
  return {
    forInstallation(installation, use) {
      const forge = forges.forInstallation(installation, use);
      return {
        ...forge,
        file(repo, path, commit) {
          const key = JSON.stringify([installation, repoSlug(repo), path, commit ?? null]);
          const known = read.get(key);
          if (known !== undefined) return known;
          const reading = forge.file(repo, path, commit);
          read.set(key, reading);
          reading.catch(() => read.delete(key));
          return reading;
        },
      };
    },
  };
}
