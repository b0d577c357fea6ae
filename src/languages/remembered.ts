import type { Language } from "./language.ts";

/** Characters of text whose readings are kept, the newest. */
const mostCharacters = 8_000_000;

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

function remember<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly result: T }>();
  let characters = 0;
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before.result;
    const result = read(text);
    characters += text.length;
    if (characters > mostCharacters) {
      known.clear();
      characters = text.length;
    }
    known.set(text, { result });
    return result;
  };
}
