const shown = "[redacted]";
/** Shorter values would redact ordinary words. */
const shortestSecret = 6;

/**
 * Shapes of credentials; GitHub's tokens have no fixed length since installation tokens carry a JWT. Scripts' output is
 * searched for them, so a repeat without a bound must not be begun anew within itself: that takes quadratic time.
 */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\bgh[sopur]_[A-Za-z0-9_.-]{4,}/g, shown],
  [/\bgithub_pat_[A-Za-z0-9_]{4,}/g, shown],
  [/\bglpat-[A-Za-z0-9_-]{10,}/g, shown],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, shown],
  [/\bhf_[A-Za-z0-9]{16,}/g, shown],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, shown],
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{0,2000}/g, shown],
  [
    /\b(authorization["']?\s{0,8}[:=]\s{0,8}["']?)(?:basic|token|bearer)\s{1,8}[A-Za-z0-9._~+/=-]{6,}/gi,
    `$1${shown}`,
  ],
  // Words follow "bearer" in prose; a digit tells a token from them.
  [/\b(bearer)(\s{1,8})(?=[A-Za-z._~+/=-]{0,200}\d)[A-Za-z0-9._~+/=-]{6,}/gi, `$1$2${shown}`],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@]{1,2000}@/gi, `$1${shown}@`],
];

/** PEM blocks of any kind, also with escaped newlines; one without end is cut to the end of the text. */
function withoutPem(text: string): string {
  let result = "";
  let from = 0;
  for (;;) {
    const start = text.indexOf("-----BEGIN ", from);
    if (start < 0) return result + text.slice(from);
    const end = text.indexOf("-----END ", start);
    const close = end < 0 ? -1 : text.indexOf("-----", end + 9);
    result += text.slice(from, start) + shown;
    if (close < 0) return result;
    from = close + 5;
  }
}

/** Spellings under which a secret shows up in URLs, JSON and HTTP headers. */
const spellings = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(Buffer.from(secret).toString()),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString("base64"),
];

/** `text` without the given secrets and without anything that has the shape of a credential. */
export function redact(text: string, secrets: readonly string[]): string {
  const known = secrets
    .filter((secret) => secret.trim().length >= shortestSecret)
    .flatMap(spellings)
    .toSorted((a, b) => b.length - a.length);
  const unnamed = known.reduce((left, secret) => left.replaceAll(secret, shown), withoutPem(text));
  return shapes.reduce((left, [pattern, replacement]) => left.replace(pattern, replacement), unnamed);
}
