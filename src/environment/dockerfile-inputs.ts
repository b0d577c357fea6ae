import { matchesPattern } from "../domain/path-pattern.ts";

/** Files that say what to install, by name: what a `COPY . .` is taken to depend on. */
const manifests =
  /(^|\/)(requirements[^/]*\.(txt|in)|pyproject\.toml|setup\.(py|cfg)|Pipfile(\.lock)?|(poetry|uv|pdm)\.lock|package(-lock)?\.json|pnpm-lock\.yaml|yarn\.lock|go\.(mod|sum)|Cargo\.(toml|lock)|pom\.xml|(build|settings)\.gradle(\.kts)?|gradle\.properties|Gemfile(\.lock)?)$/;

/**
 * The files of the context that an image depends on: what COPY and ADD name, and of a whole context only its manifests,
 * because the tree itself is laid out anew for every command. Paths are relative to the repository's root.
 */
export function dockerfileInputs(
  dockerfile: string,
  context: string,
  paths: readonly string[],
): readonly string[] {
  const inContext = (path: string): string => (context === "." ? path : `${context}/${path}`);
  const found = new Set<string>();
  for (const source of copiedSources(dockerfile)) {
    const plain = source.replace(/^(\.?\/)+/, "").replace(/\/+$/, "");
    const whole = plain === "" || plain === "." || plain === "*";
    for (const path of paths) {
      const within = context === "." || path.startsWith(`${context}/`);
      if (whole ? within && manifests.test(path) : covers(inContext(plain), path)) found.add(path);
    }
  }
  return [...found].sort();
}

const covers = (source: string, path: string): boolean =>
  path === source ||
  path.startsWith(`${source}/`) ||
  matchesPattern(path, source) ||
  matchesPattern(path, `${source}/**`);

/** Sources of COPY and ADD instructions that read the context, in both of their forms. */
function copiedSources(dockerfile: string): readonly string[] {
  const lines = dockerfile.replaceAll(/\\[ \t]*\r?\n/g, " ").split(/\r?\n/);
  return lines.flatMap((line) => {
    const [, rest] = /^\s*(?:COPY|ADD)\s+(.*)$/i.exec(line) ?? [];
    if (rest === undefined || /(^|\s)--from=/.test(rest)) return [];
    const words = rest.replaceAll(/(^|\s)--[\w-]+(=\S*)?/g, " ").trim();
    return (
      words.startsWith("[")
        ? [...words.matchAll(/"([^"]*)"/g)].map(([, word]) => word ?? "")
        : words.split(/\s+/)
    )
      .slice(0, -1)
      .filter((source) => !/^[a-z]+:\/\//.test(source));
  });
}
