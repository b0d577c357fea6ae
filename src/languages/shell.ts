/** One word of a POSIX shell, whatever it holds; an argument or a value, since a plain one stays as it is. */
export const quote = (word: string): string => (/^[\w./:=@%+,-]+$/.test(word) ? word : literal(word));

/** The same where even `if` or `A=1` is meant as it stands: the name of a program. */
export const literal = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** A path as an argument that cannot be taken for an option. */
export const pathArgument = (path: string): string => quote(path.startsWith("-") ? `./${path}` : path);
