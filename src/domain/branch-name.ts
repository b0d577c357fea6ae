/** What of a title goes into a branch name. */
const longestSlug = 40;

/** A title as lower-case words with hyphens between them; empty when it has no letters of a to z and no digits. */
export function slugOf(title: string): string {
  const words = title
    .slice(0, 500)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "");
  return words.slice(0, longestSlug).replace(/-+$/, "");
}

/** Why git, or a command line, would not take a branch of that name; null when both do (`git help check-ref-format`). */
export function refuseBranchName(name: string): string | null {
  if (name.length > 200) return "is longer than 200 characters";
  if (!/^[A-Za-z0-9._/-]*$/.test(name))
    return "has other characters than letters, digits, `.`, `_`, `/` and `-`";
  const parts = name.split("/");
  if (parts.includes("")) return "begins or ends with `/`, or has two in a row";
  if (parts.some((part) => /^[.-]|\.$|\.lock$/i.test(part)) || name.includes(".."))
    return "has a part that begins with `.` or `-`, ends with `.` or `.lock`, or has `..`";
  if (/^(?:refs|heads)(?:\/|$)|^head$|^[0-9a-f]{40}$/i.test(name))
    return "could be taken for something else than a branch";
  return null;
}
