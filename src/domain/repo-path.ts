import { matchesPattern } from "./path-pattern.ts";

export type PathCheck =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly why: string };

const maxPathBytes = 4096;

/** `.git` as HFS+ (ignores format characters), NTFS (short names, streams, trailing dots) and any case see it. */
function isGitFolder(segment: string): boolean {
  const folded = segment
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .toLowerCase()
    .split(":", 1)
    .join("");
  let end = folded.length;
  while (end > 0 && (folded[end - 1] === "." || folded[end - 1] === " ")) end--;
  const bare = folded.slice(0, end);
  return bare === ".git" || /^git~\d+$/.test(bare);
}

function objection(path: string): string | null {
  if (path === "") return "it is empty";
  // a UTF-16 unit takes three bytes at most
  const long = path.length > maxPathBytes / 3;
  if (long && new TextEncoder().encode(path).length > maxPathBytes)
    return `it is longer than ${maxPathBytes} bytes`;
  if (/[\p{Cc}\u2028\u2029]/u.test(path)) return "it holds control characters";
  if (/\p{Cs}/u.test(path)) return "it is not valid Unicode";
  if (path.includes("\\")) return "it holds a backslash";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "it is absolute";
  if (path.startsWith("-")) return "it starts with a dash";
  const segments = path.split("/");
  if (segments.includes("..")) return "it leaves the repository";
  if (segments.includes("") || segments.includes(".")) return "it has an empty or dot segment";
  if (segments.some(isGitFolder)) return "it enters .git";
  if (/\p{Cf}/u.test(path)) return "it holds invisible characters";
  if (path.normalize("NFC") !== path) return "it is not in Unicode normal form C";
  return null;
}

/**
 * Whether a path written by a model may name a file of the repository. Purely textual: whether the path is a
 * symlink, lies below one, or is protected is for the caller to ask.
 */
export function checkRepoPath(raw: string): PathCheck {
  const why = objection(raw);
  return why === null ? { ok: true, path: raw } : { ok: false, why };
}

const quotes: Readonly<Record<string, string>> = { "`": "`", "'": "'", '"': '"', "*": "*", "<": ">" };

/** The text without blanks, quotes, backquotes, emphasis and angle brackets that enclose it. */
export function unquoted(raw: string): string {
  let text = raw.trim();
  for (let depth = 0; depth < 6 && text.length >= 2; depth++) {
    const close = quotes[text[0] ?? ""];
    if (close === undefined || !text.endsWith(close)) break;
    text = text.slice(1, -1).trim();
  }
  return text;
}

/** Spellings under which a path from a model may exist, most literal first: as written, without `./`, without `a/` or `b/`. */
export function cleanModelPath(raw: string): readonly string[] {
  const literal = unquoted(raw);
  let plain = literal;
  while (plain.startsWith("./")) plain = plain.slice(2);
  const spellings = [literal, plain];
  if (plain.startsWith("a/") || plain.startsWith("b/")) spellings.push(plain.slice(2));
  return [...new Set(spellings)].filter((spelling) => spelling !== "");
}

/**
 * Files that no candidate may touch: what steers CI, the bot, git, editors and developers' machines. What steers the test
 * runs of one language is in its adapter.
 */
export const protectedPaths: readonly string[] = [
  ".github/**",
  ".gitlab/**",
  ".gitlab-ci.yml",
  ".circleci/**",
  ".travis.yml",
  ".husky/**",
  ".devcontainer/**",
  ".vscode/**",
  ".idea/**",
  "azure-pipelines.yml",
  "bitbucket-pipelines.yml",
  "Jenkinsfile",
  ".pre-commit-config.yaml",
  ".copatcher.yml",
  "**/.envrc",
  "**/.gitmodules",
  "**/.gitattributes",
  "**/.gitignore",
  "**/.mailmap",
  "**/CODEOWNERS",
  "**/*.lock",
  "**/package-lock.json",
  "**/pnpm-lock.yaml",
];

/** Whether a candidate that touches `path` is refused. */
export const isProtected = (path: string, patterns: readonly string[] = protectedPaths): boolean =>
  patterns.some((pattern) => matchesPattern(path, pattern));
