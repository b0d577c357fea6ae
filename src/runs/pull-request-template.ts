import { asRepairError } from "../domain/errors.ts";
import type { RepoRef } from "../domain/issue.ts";
import type { Forge } from "../ports/forge.ts";
import type { Logger } from "../ports/logger.ts";

const folders = [".github/", "", "docs/"] as const;
const names = ["pull_request_template.md", "PULL_REQUEST_TEMPLATE.md"] as const;

/** The template of pull requests on the default branch; null when there is none, or none that the forge gives. */
export async function pullRequestTemplate(
  { logger }: { readonly logger: Logger },
  forge: Pick<Forge, "file">,
  repo: RepoRef,
): Promise<string | null> {
  try {
    for (const folder of folders) {
      for (const name of names) {
        const bytes = await forge.file(repo, `${folder}${name}`);
        if (bytes !== null) return new TextDecoder().decode(bytes);
      }
    }
    return null;
  } catch (error) {
    const { code, message } = asRepairError(error);
    if (code !== "forge-rejected" && code !== "forge-unavailable") throw error;
    logger.warn({ code, error: message }, "the pull request is opened without the repository's template");
    return null;
  }
}
