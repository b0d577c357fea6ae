import type { Candidate } from "./candidate.ts";
import type { FailedPoc, Poc } from "./poc.ts";
import type { FileLocation, Location } from "./location.ts";
import type { Provenance } from "./provenance.ts";
import type { Ranking } from "./ranking.ts";
import type { Rejection } from "./edit.ts";
import type { Usage } from "./transcript.ts";
import type { Verdict } from "./verdict.ts";

/** How much of the claim "this fixes the issue" rests on something executed; decides draft and `Fixes`. */
export type VerdictLevel = "validated" | "tests-only" | "partial" | "unverified";

/** The repository's own tests on the unpatched tree. */
export type Baseline =
  | {
      readonly kind: "ran";
      readonly command: string;
      /** Tests that passed twice; the ids that a candidate must keep passing. */
      readonly passing: readonly string[];
      readonly failing: readonly string[];
      readonly flaky: readonly string[];
      readonly seconds: number;
      /** Why no second run with a test that must fail checks the first, null when one does. */
      readonly withoutCanary: string | null;
      /** On the base commit exit status and report agree, so they must with a candidate. */
      readonly exitStatusCounts: boolean;
      readonly note: string | null;
    }
  | { readonly kind: "none"; readonly reason: string };

/** A line of the winning patch that a reviewer should look at; `line` is null for a whole file. */
export type Flag = {
  readonly path: string;
  readonly line: number | null;
  readonly text: string;
  readonly meaning: string;
};

/** How scripts are shown, and how a reader repeats one (Markdown, our own text). */
export type ScriptNotes = { readonly fence: string; readonly repeat: string };

export type RejectedSample = Rejection & { readonly sample: string };

/** Answers that came in one feedback turn, and the candidates that only they brought. */
export type FeedbackTurn = { readonly answers: number; readonly found: readonly string[] };

/** Everything a reader of the pull request or of the report can be shown about one finished repair. */
export type Evidence = {
  readonly baseSha: string;
  readonly files: readonly FileLocation[];
  readonly locations: readonly Location[];
  /** Those that were written: the electorate of the vote. */
  readonly samples: number;
  /** Samples that were called off because no answer could change who wins; neither failed nor rejected. */
  readonly unneeded: number;
  /** Why and by how many samples generation was cut short, null when it was not. */
  readonly stopped: { readonly why: string; readonly unwritten: number } | null;
  /** Turns in which the models of the best patches were shown what failed, while no patch passed. */
  readonly feedback: readonly FeedbackTurn[];
  readonly rejected: readonly RejectedSample[];
  readonly candidates: readonly Candidate[];
  readonly pocs: readonly Poc[];
  readonly scripts: ScriptNotes;
  readonly failedPocs: readonly FailedPoc[];
  readonly baseline: Baseline;
  readonly ranking: Ranking;
  readonly flags: readonly Flag[];
  readonly sandbox: string;
  readonly models: Readonly<Record<string, string>>;
  readonly usage: Usage;
  readonly provenance: Provenance;
};

/** Why nothing was proposed; a value, not an error. */
export type DeclineReason =
  | "no-location"
  | "no-candidate"
  | "all-regress"
  | "none-passes-poc"
  | "not-reproduced-and-no-majority"
  | "stopped";

export type RepairResult =
  | {
      readonly kind: "proposed";
      readonly level: VerdictLevel;
      readonly winner: Candidate;
      readonly verdict: Verdict;
      readonly evidence: Evidence;
    }
  | {
      readonly kind: "declined";
      readonly reason: DeclineReason;
      readonly explanation: string;
      readonly evidence: Evidence;
    };
