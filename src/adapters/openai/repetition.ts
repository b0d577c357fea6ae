/** So much must be nothing but repetition: more than any table of zeros or separator line in a patch. */
const loopLength = 8_000;
const longestUnit = 200;
/** Characters between two looks at the end of an answer. */
const stride = 1_000;

export type LoopDetector = {
  /** What the answer repeats without end since `part` was added, null while it does not. */
  add(part: string): string | null;
};

/**
 * Notices a model that says the same few words for ever: the last 8,000 characters are one unit of at most 200, again
 * and again, so at least forty times.
 */
export function createLoopDetector(): LoopDetector {
  let tail = "";
  let unseen = 0;
  return {
    add(part) {
      tail += part;
      unseen += part.length;
      if (unseen < stride || tail.length < loopLength) return null;
      unseen = 0;
      tail = tail.slice(-loopLength);
      return repeatedUnit(tail);
    },
  };
}

/** The shortest unit of which all of `text` is made, the last time perhaps in part. */
function repeatedUnit(text: string): string | null {
  for (let length = 1; length <= longestUnit; length += 1) {
    if (text.startsWith(text.slice(length))) return text.slice(0, length);
  }
  return null;
}
