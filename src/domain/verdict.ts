import type { Candidate } from "./candidate.ts";
import type { ExecutionOutcome } from "./execution.ts";

export type PocResult = {
  readonly poc: string;
  readonly result: "fixed" | "still-broken" | "inconclusive";
  readonly judgedBy: "rule" | "model";
  readonly outcome: ExecutionOutcome;
  /** Digest of its end and of what it printed, see `digestOfOutput`. */
  readonly printed: string;
  /** It still shows the issue, and just as it did on the base commit. */
  readonly unchanged: boolean;
  /** Why, where the outcome alone does not tell. */
  readonly reason?: string;
};

/** What the repository's own tests say about one candidate, against the baseline. */
export type TestVerdict =
  | {
      readonly kind: "ran";
      readonly passed: number;
      readonly regressions: readonly string[];
      /** Tests that we added to the pull request earlier, which pass; the others are not counted with them. */
      readonly added?: readonly string[];
      /** Baseline tests that fail with the patch when the test files that it edits are as on the base commit. */
      readonly altered?: readonly string[];
      /** Baseline tests that failed in some runs with the patch and not in others; on the base commit they passed both times. */
      readonly flaky?: readonly string[];
      /** The same tests ended so before, when they were run for the first time. */
      readonly earlier?: { readonly kind: "crashed" | "untrusted"; readonly reason: string };
    }
  | { readonly kind: "crashed"; readonly reason: string; readonly regressions: readonly string[] }
  /** The run contradicts itself or the second run: whatever it says counts as broken. */
  | { readonly kind: "untrusted"; readonly reason: string; readonly regressions: readonly string[] }
  | {
      readonly kind: "not-run";
      /**
       * `no-baseline`: there is nothing to compare with; `edits-tests`: the candidate edits the files of all tests that
       * were green; `fails-every-poc`: it cannot win anyway; `cannot-run`: what it installs could not be installed.
       */
      readonly because: "no-baseline" | "edits-tests" | "fails-every-poc" | "cannot-run";
      readonly reason: string;
      /** As above; only of `edits-tests`. */
      readonly altered?: readonly string[];
    };

/** The executed judgement of one candidate. */
export type Verdict = {
  readonly candidate: string;
  readonly pocs: readonly PocResult[];
  readonly tests: TestVerdict;
};

/** A candidate together with its executed judgement; `size` is the changed lines of its patch. */
export type JudgedCandidate = {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  readonly size: number;
};

export const regressionsOf = (verdict: Verdict): readonly string[] =>
  verdict.tests.kind === "not-run" ? [] : verdict.tests.regressions;

export const alteredBy = ({ tests }: Verdict): readonly string[] =>
  tests.kind === "ran" || tests.kind === "not-run" ? (tests.altered ?? []) : [];

export const pocsPassed = (verdict: Verdict): number =>
  verdict.pocs.filter((poc) => poc.result === "fixed").length;

export const pocsFailed = (verdict: Verdict): number =>
  verdict.pocs.filter((poc) => poc.result === "still-broken").length;

/** Whether no script shows any difference to the base commit: whatever the patch does, it does nothing about the issue. */
export const hasNoEffect = ({ pocs }: Verdict): boolean => pocs.every(({ unchanged }) => unchanged);

/** Whether any of the candidate's test runs could not be trusted, whatever a repeat said. */
export const isDistrusted = (tests: TestVerdict): boolean =>
  tests.kind === "untrusted" || (tests.kind === "ran" && tests.earlier?.kind === "untrusted");
