/** Tests that ran, by the names that a case's lists give them; one that was skipped is not there. */
export type TestLog = ReadonlyMap<string, "passed" | "failed">;

/** What became of one patch under an instance's hidden tests. */
export type Trial =
  | { readonly kind: "tested"; readonly results: TestLog }
  /** The patch's own fault, which counts as unresolved. */
  | { readonly kind: "empty" | "invalid" | "not-applicable" | "timed-out" }
  /** The machinery's fault: listed apart, yet not taken out of the denominator. */
  | { readonly kind: "infrastructure"; readonly detail: string };

export type DecidingTests = {
  readonly failToPass: readonly string[];
  readonly passToPass: readonly string[];
};

/**
 * Whether the patch resolves the instance: it applies, and every fail-to-pass and every pass-to-pass test passes; a test
 * without a result did not pass. Instances without fail-to-pass tests are refused when they are read (suite/case.ts).
 */
export function isResolved(trial: Trial, { failToPass, passToPass }: DecidingTests): boolean {
  if (trial.kind !== "tested") return false;
  return [...failToPass, ...passToPass].every((test) => trial.results.get(test) === "passed");
}

/** Share of these where `holds`; null of nothing. */
export const rate = <T>(items: readonly T[], holds: (item: T) => boolean): number | null =>
  items.length === 0 ? null : items.filter(holds).length / items.length;
