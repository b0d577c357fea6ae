import { redact } from "../domain/secrets.ts";

/** The same value with every string in it redacted; keys are our own and stay. */
export function scrubbed<T>(value: T, secrets: readonly string[]): T {
  return walk(value) as T;

  function walk(part: unknown): unknown {
    if (typeof part === "string") return redact(part, secrets);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
  }
}
