import { statSync } from "node:fs";
import { dirname } from "node:path";

/** The first folder on the way to `path` that other users cannot enter, null when they can reach it. */
export function closedAncestor(path: string): string | null {
  const parent = dirname(path);
  if (parent === path) return null;
  const above = closedAncestor(parent);
  if (above !== null) return above;
  return (statSync(parent).mode & 0o001) === 0 ? parent : null;
}
