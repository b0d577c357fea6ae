/** Lines of a reply. */
export const lines = (...all: readonly string[]): string => all.join("\n");

/** One edit with marks of the given width; an empty side has no line. */
export const edit = (search: string, replace: string, width = 7): string =>
  lines(
    `${"<".repeat(width)} SEARCH`,
    ...(search === "" ? [] : [search]),
    "=".repeat(width),
    ...(replace === "" ? [] : [replace]),
    `${">".repeat(width)} REPLACE`,
  );

/** Edits of one file in the format that the prompt asks for. */
export const block = (path: string, ...edits: readonly string[]): string =>
  lines(`<<< MODIFIED FILE: ${path} >>>`, "```python", ...edits, "```", "<<< END MODIFIED FILE >>>");

/** A fenced block of a locating answer or a script. */
export const fenced = (content: string, info = ""): string => lines(`\`\`\`${info}`, content, "```");

/** The edit that most of the corpus writes in odd ways: on its first side, of the file, and what it becomes. */
export const usual = {
  path: "shop/parcel.py",
  search: "            return 5",
  replace: "            return 6",
} as const;
export const usualEdit = edit(usual.search, usual.replace);
export const usualReading = [[usual.path, usual.search, usual.replace]] as const;
