/** `text` as one word of a POSIX shell; NUL cannot be expressed and must not occur. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
