const newline = "\n".charCodeAt(0);
const backslash = "\\".charCodeAt(0);
const opening = "{".charCodeAt(0);
const closing = "}".charCodeAt(0);

/**
 * Where the string ends that begins with the quote at `at`; -1 when it has no end, or when a string lies within its braces
 * that only a parser can tell from its end.
 */
export function endOfString(text: string, at: number): number {
  const quote = text.charAt(at);
  const triple = quote.repeat(3);
  const mark = text.startsWith(triple, at) ? triple : quote;
  const code = quote.charCodeAt(0);
  const formatted = isFormatted(text, at);
  let braces = 0;
  for (let place = at + mark.length; place < text.length; place += 1) {
    const sign = text.charCodeAt(place);
    if (sign === backslash) place += 1;
    else if (sign === newline && mark === quote) return -1;
    else if (sign === code && text.startsWith(mark, place)) return braces === 0 ? place + mark.length : -1;
    else if (!formatted) continue;
    else if (sign === opening && braces === 0 && text.charCodeAt(place + 1) === opening) place += 1;
    else if (sign === opening) braces += 1;
    else if (sign === closing && braces > 0) braces -= 1;
  }
  return -1;
}

/** Where the string's letters begin, which say how it is read. */
export function startOfString(text: string, quoteAt: number): number {
  let start = quoteAt;
  while (/\w/.test(text.charAt(start - 1))) start -= 1;
  return start;
}

const isFormatted = (text: string, quoteAt: number): boolean =>
  /^[rbuft]*[ft][rbuft]*$/i.test(text.slice(startOfString(text, quoteAt), quoteAt));
