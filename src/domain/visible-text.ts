/**
 * Characters that people do not see but models and terminals do: control characters (tab and newline excepted),
 * format characters (zero-width, bidirectional, tags), fillers, variation selectors and lone surrogates.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]/gu;

const keepsLayout = (char: string): boolean => char === "\n" || char === "\t";

/** What terminals take as colours and cursor moves. */
const escapeSequence = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;?]{0,20}[A-Za-z]`, "g");

/** The text as a terminal without colours shows it. */
export const withoutColours = (text: string): string => text.replace(escapeSequence, "");

/** CRLF and lone CR become newlines, everything hidden goes. */
export const withoutHidden = (text: string): string =>
  text.replace(/\r\n?/g, "\n").replace(hidden, (char) => (keepsLayout(char) ? char : ""));

/** Everything hidden becomes visible as `<U+202E>`; a carriage return before a newline is dropped. */
export const withVisibleHidden = (text: string): string =>
  text
    .replace(/\r\n/g, "\n")
    .replace(hidden, (char) =>
      keepsLayout(char)
        ? char
        : `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`,
    );

/** The longest head of `text` with at most `length` UTF-16 units that splits no surrogate pair. */
export function headOf(text: string, length: number): string {
  const head = text.slice(0, Math.max(0, length));
  return /[\uD800-\uDBFF]$/.test(head) && head.length < text.length ? head.slice(0, -1) : head;
}

/** The longest tail of `text` with at most `length` UTF-16 units that splits no surrogate pair. */
export function tailOf(text: string, length: number): string {
  const tail = length <= 0 ? "" : text.slice(-length);
  return /^[\uDC00-\uDFFF]/.test(tail) && tail.length < text.length ? tail.slice(1) : tail;
}
