import type { FileChange } from "../domain/edit.ts";
import { sensitiveFiles } from "../domain/sensitive-files.ts";
import { inlineCode } from "./markdown.ts";

/** That a patch changes files which a reviewer should look at twice; empty when it does not. */
export function sensitiveText(changes: readonly FileChange[], patterns: readonly string[]): string {
  const files = sensitiveFiles(changes, patterns);
  return files.length === 0
    ? ""
    : `### Look at these files\n\nThey decide how the project is built or what is installed (\`paths.sensitive\` of the settings): ${files.map((path) => inlineCode(path, 200)).join(", ")}.`;
}
