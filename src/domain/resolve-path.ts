import { cleanModelPath } from "./repo-path.ts";

/** Finds the repository's path for a path as a model spelled it, null when there is none or several. */
export type ResolvePath = (raw: string) => string | null;

/**
 * A resolver for the given tree: the exact path in any spelling, else the only path that ends with it, else the path
 * without its first folder (models put the repository's name there).
 */
export function pathResolver(tree: readonly string[]): ResolvePath {
  const known = new Set(tree);
  const bySuffix = new Map<string, string | null>();
  for (const path of tree) {
    for (let cut = path.indexOf("/"); cut >= 0; cut = path.indexOf("/", cut + 1)) {
      const suffix = path.slice(cut + 1);
      bySuffix.set(suffix, bySuffix.has(suffix) ? null : path);
    }
  }
  return (raw) => {
    const spellings = cleanModelPath(raw);
    const exact = spellings.find((spelling) => known.has(spelling));
    if (exact !== undefined) return exact;
    for (const spelling of spellings) {
      const longer = bySuffix.get(spelling);
      if (longer !== undefined) return longer;
      const below = spelling.slice(spelling.indexOf("/") + 1);
      if (known.has(below)) return below;
    }
    return null;
  };
}
