import { inlineText, list } from "./markdown.ts";

/** The rest of a comment may need nearly all that GitHub takes. */
const limits = { notes: 10, characters: 4_000 };

/** Markdown below a run's last word: what of the settings did not hold. Untrusted sentences; empty when there are none. */
export function settingsNotes(notes: readonly string[]): string {
  if (notes.length === 0) return "";
  const lines = notes.slice(0, limits.notes).map((note) => inlineText(note, 300));
  const fits = (_: string, index: number): boolean =>
    lines.slice(0, index + 1).join("").length <= limits.characters;
  const shown = lines.filter(fits);
  const more = notes.length - shown.length;
  return `\n\n**Settings:**\n\n${list(more === 0 ? shown : [...shown, `and ${more} more`])}`;
}
