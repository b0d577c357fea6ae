/** One word of a POSIX shell, whatever it holds. */
export const quote = (word: string): string =>
  /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A path as an argument that cannot be taken for an option. */
export const pathArgument = (path: string): string => quote(path.startsWith("-") ? `./${path}` : path);
