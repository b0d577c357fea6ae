/** Whether one path segment matches a pattern with `*` (any run) and `?` (any one character). */
function segmentMatches(segment: string, pattern: string): boolean {
  let at = 0;
  let cursor = 0;
  let star = -1;
  let resume = 0;
  while (at < segment.length) {
    if (pattern[cursor] === "*") {
      star = cursor++;
      resume = at;
    } else if (pattern[cursor] === "?" || pattern[cursor] === segment[at]) {
      cursor++;
      at++;
    } else if (star >= 0) {
      cursor = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[cursor] === "*") cursor++;
  return cursor === pattern.length;
}

/**
 * Whether a repository path matches a pattern such as `.github/**`, `**` + `/conftest.py` or `*.lock`.
 * `**` stands for any number of segments; a pattern without a slash matches at the root only.
 * Case is ignored, since the patterns guard files that some systems find under any case.
 */
export function matchesPattern(path: string, pattern: string): boolean {
  const segments = path.toLowerCase().split("/");
  const parts = pattern.toLowerCase().split("/");
  // reached[i]: the parts so far can match exactly the first i segments.
  let reached = segments.map(() => false);
  reached = [true, ...reached];
  for (const part of parts) {
    const next = reached.map(() => false);
    for (let i = 0; i <= segments.length; i++) {
      const before = i > 0 ? segments[i - 1] : undefined;
      if (part === "**") next[i] = reached[i] === true || (i > 0 && next[i - 1] === true);
      else next[i] = before !== undefined && reached[i - 1] === true && segmentMatches(before, part);
    }
    reached = next;
  }
  return reached[segments.length] === true;
}
