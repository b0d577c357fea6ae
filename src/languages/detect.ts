import type { TreeEntry } from "../ports/workspace.ts";
import { createGo } from "./go/go.ts";
import { createJava } from "./java/java.ts";
import { createJavaScript } from "./javascript/javascript.ts";
import type { Language } from "./language.ts";
import { createPython } from "./python/python.ts";

/** Every language there is an adapter for. */
export const loadLanguages = (): Promise<readonly Language[]> =>
  Promise.all([createPython(), createJavaScript(), createGo(), createJava()]);

/** The language with the most source files outside of tests, null when the tree has source of none of them. */
export function detectLanguage(
  entries: readonly TreeEntry[],
  languages: readonly Language[],
): Language | null {
  const files = entries.filter((entry) => entry.kind === "file" || entry.kind === "executable");
  const counted = languages.map((language) => ({
    language,
    sources: files.filter(({ path }) => language.isSource(path) && !language.isTest(path)).length,
  }));
  const [most] = counted.sort((a, b) => b.sources - a.sources);
  return most === undefined || most.sources === 0 ? null : most.language;
}
