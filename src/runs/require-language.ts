import { RepairError } from "../domain/errors.ts";
import { matchesPattern } from "../domain/path-pattern.ts";
import { detectLanguage } from "../languages/detect.ts";
import type { Language } from "../languages/language.ts";
import type { TreeEntry } from "../ports/workspace.ts";

/**
 * The main language of the tree, or of the project with this pattern. Throws `repository-empty` or `language-unsupported`.
 */
export function requireLanguage(
  entries: readonly TreeEntry[],
  languages: readonly Language[],
  project: string | null,
): Language {
  if (entries.length === 0) {
    throw new RepairError("repository-empty", "the commit to repair has no files");
  }
  const own = project === null ? entries : entries.filter(({ path }) => matchesPattern(path, project));
  const language = detectLanguage(own, languages);
  if (language !== null) return language;
  const of = project === null ? "" : ` of ${project}`;
  const known = languages.map((one) => one.id).join(", ");
  throw new RepairError("language-unsupported", `none of ${own.length} files${of} is source of: ${known}`);
}
