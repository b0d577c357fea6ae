import type { Language } from "../../languages/language.ts";

export type TouchedFile = {
  readonly path: string;
  /** Null for a file that the patch deletes. */ readonly text: string | null;
};

/**
 * Whether every source file that a patch touches parses. Null when it touches none, so that a change of documents alone
 * counts neither way. Parsing stands for compiling: none of the languages is built here.
 */
export function parses(files: readonly TouchedFile[], languages: readonly Language[]): boolean | null {
  const read = files.flatMap(({ path, text }) => {
    const language = languages.find((one) => one.isSource(path));
    return language === undefined || text === null ? [] : [language.syntaxError(text) === null];
  });
  return read.length === 0 ? null : read.every(Boolean);
}

export type CompilationRate = {
  readonly rate: number | null;
  readonly counted: number;
  readonly leftOut: number;
};

export function compilationRate(patches: readonly (boolean | null)[]): CompilationRate {
  const counted = patches.filter((parsed) => parsed !== null);
  return {
    rate: counted.length === 0 ? null : counted.filter(Boolean).length / counted.length,
    counted: counted.length,
    leftOut: patches.length - counted.length,
  };
}
