import type { FileChange } from "./edit.ts";
import { matchesPattern } from "./path-pattern.ts";

/** Build files and manifests, as far as no patch may touch them anyway. */
export const sensitiveByDefault: readonly string[] = [
  "**/package.json",
  "**/pyproject.toml",
  "**/setup.py",
  "**/requirements*.txt",
  "**/go.mod",
  "**/pom.xml",
  "**/*.gradle*",
  "**/Makefile",
  "**/Dockerfile*",
];

/** The files of a patch that one of the patterns names. */
export const sensitiveFiles = (
  changes: readonly Pick<FileChange, "path">[],
  patterns: readonly string[],
): readonly string[] =>
  changes.map(({ path }) => path).filter((path) => patterns.some((pattern) => matchesPattern(path, pattern)));
