import { RepairError } from "../domain/errors.ts";
import { detectLanguage } from "../languages/detect.ts";
import type { Language } from "../languages/language.ts";
import type { TreeEntry } from "../ports/workspace.ts";

/** The tree's main language. Throws `repository-empty` or `language-unsupported`. */
export function requireLanguage(entries: readonly TreeEntry[], languages: readonly Language[]): Language {
  if (entries.length === 0) {
    throw new RepairError("repository-empty", "the commit to repair has no files");
  }
  const language = detectLanguage(entries, languages);
  if (language !== null) return language;
  const known = languages.map((one) => one.id).join(", ");
  throw new RepairError("language-unsupported", `none of ${entries.length} files is source of: ${known}`);
}
