import { asRepairError } from "../domain/errors.ts";
import type { FileCopies } from "../ports/file-copies.ts";
import type { Forge, Forges } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";

type LastGoodDependencies = { readonly files: FileCopies; readonly logger: Logger };

/**
 * Forges that give a file of the default branch as it was read last, also by an earlier process, while GitHub cannot be
 * read; one that was never read still throws `forge-unavailable`.
 */
export const forgesWithLastGood = (forges: Forges, deps: LastGoodDependencies): Forges => ({
  forInstallation: (installation, use) =>
    withLastGood(forges.forInstallation(installation, use), installation, deps),
});

const withLastGood = (
  forge: Forge,
  installation: number,
  { files, logger }: LastGoodDependencies,
): Forge => ({
  ...forge,
  async file(repo, path, commit) {
    // a commit stays what it is
    if (commit !== undefined) return forge.file(repo, path, commit);
    const place = { installation, repo, path };
    let read: Uint8Array | null;
    try {
      read = await forge.file(repo, path);
    } catch (error) {
      const { code, message } = asRepairError(error);
      const last = code === "forge-unavailable" ? await files.find(place) : undefined;
      if (last === undefined) throw error;
      logger.warn({ repo, path, error: message }, "a file is used as it was read last");
      return last;
    }
    await files
      .keep(place, read)
      .catch((error: unknown) => logger.warn({ repo, path, error: String(error) }, "a file was not kept"));
    return read;
  },
});
