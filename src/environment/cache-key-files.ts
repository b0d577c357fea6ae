import { matchesPattern } from "../domain/path-pattern.ts";

/** Files of the tree that patterns of `environment.cache_key_files` name, and the patterns that name none. */
export function cacheKeyFiles(patterns: readonly string[], paths: readonly string[]) {
  const named = patterns.map((pattern) => ({
    pattern,
    files: paths.filter((path) => matchesPattern(path, pattern)),
  }));
  return {
    files: named.flatMap(({ files }) => files),
    idle: named.filter(({ files }) => files.length === 0).map(({ pattern }) => pattern),
  };
}
