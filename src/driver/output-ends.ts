const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes as text; what is not UTF-8 becomes U+FFFD. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** Head and tail of a stream as one text, with a line that says how much is missing between them. */
export function joinEnds(head: Uint8Array, tail: Uint8Array, total: number): string {
  const missing = total - head.length - tail.length;
  if (missing <= 0) return textOf(Buffer.concat([head, tail]));
  return `${textOf(head)}\n[... ${missing} bytes left out ...]\n${textOf(tail)}`;
}

/** How many of `total` bytes the driver sends, given the limit per stream. */
export const keptBytes = (total: number, limit: number): number => {
  const half = Math.floor(limit / 2);
  return total <= half * 2 ? total : half * 2;
};
