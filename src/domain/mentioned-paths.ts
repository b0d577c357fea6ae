/** Words with a slash in them, and names that are looked up, at most. */
const mostWords = 2_000;
const mostParts = 30;
const longestText = 200_000;

/**
 * The repository's files and folders that a text names, as it names them or with something before them, as the paths of a
 * traceback have. Names without a slash say too little.
 */
export function mentionedPaths(text: string, files: readonly string[]): readonly string[] {
  const known = new Set<string>();
  for (const file of files)
    for (let end = file.length; end > 0; end = file.lastIndexOf("/", end - 1)) known.add(file.slice(0, end));
  const words = text.slice(0, longestText).match(/[\w@.+-]{1,200}(?:\/[\w@.+-]{1,200})+/g) ?? [];
  const found = new Set<string>();
  for (const word of words.slice(0, mostWords)) {
    const parts = word.replace(/\.+$/, "").split("/").slice(-mostParts);
    for (let from = 0; from < parts.length - 1; from++) {
      const path = parts.slice(from).join("/");
      if (!known.has(path)) continue;
      found.add(path);
      break;
    }
  }
  return [...found];
}
