import type { Language } from "./language.ts";

/** Characters of text whose readings are kept, the newest. */
const mostCharacters = 8_000_000;

const itself = (text: string): string => text;

/**
 * The language, which parses a text once: most samples of a run change the same files, and many in the same way. For one
 * run; what it keeps goes with it.
 */
export const rememberReadings = (language: Language): Language => ({
  ...language,
  structure: remember((text) => language.structure(text)),
  normalForm: remember((text) => language.normalForm(text)),
  syntaxError: remember((text) => language.syntaxError(text)),
});

/** `keyOf` tells texts apart; what it gives is kept instead of the text. */
export function remember<T>(
  read: (text: string) => T,
  keyOf: (text: string) => string = itself,
): (text: string) => T {
  const known = new Map<string, { readonly result: T }>();
  let characters = 0;
  return (text) => {
    const key = keyOf(text);
    const before = known.get(key);
    if (before !== undefined) return before.result;
    const result = read(text);
    characters += text.length;
    if (characters > mostCharacters) {
      known.clear();
      characters = text.length;
    }
    known.set(key, { result });
    return result;
  };
}

/** Keeps the reading of the last text, for the next question about it. */
export function rememberLast<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly result: T } | null = null;
  return (text) => {
    if (last?.text !== text) last = { text, result: read(text) };
    return last.result;
  };
}
