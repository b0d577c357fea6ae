import type { ExecutionOutcome, TestReport } from "../domain/execution.ts";
import type { SetupPlan } from "../domain/environment.ts";
import type { LineRange } from "../domain/location.ts";
import type { Checkout } from "../ports/workspace.ts";
import type { SandboxFile } from "../ports/sandbox.ts";

/** A named definition; `name` is qualified by its classes (`Parcel.weight`), `range` includes decorators. */
export type Definition = {
  readonly kind: "class" | "function" | "variable";
  readonly name: string;
  readonly range: LineRange;
};

/** What the method needs to know of one file's shape. */
export type Structure = {
  readonly definitions: readonly Definition[];
  readonly imports: readonly LineRange[];
  readonly lines: number;
};

/** How the repository's own tests are run, the same for every candidate of a run. */
export type TestPlan = {
  /** For people, e.g. `python3 -m pytest tests/test_rates.py`. */
  readonly command: string;
  /** Shell script for the sandbox; leaves its report under the name `report` in `$COPATCHER_OUT`. */
  readonly script: string;
  readonly report: string;
  /** Helper files that the script needs, laid aside of the tree. */
  readonly files: readonly SandboxFile[];
  /** Test files it runs, in order; empty means the whole suite. */
  readonly selected: readonly string[];
};

export type TestSelection = {
  /** Suspected files; tests that import or name them come first. */
  readonly suspects: readonly string[];
  /** A command from the settings replaces discovery; null means discover. */
  readonly command: string | null;
  /** How many test files at most. */
  readonly maxFiles: number;
};

/** A PoC that a model wrote, about to be run. */
export type PocScript = {
  readonly name: string;
  readonly source: string;
  /** Unguessable word that the run leaves as its report when, and only when, the script came to its own end. */
  readonly nonce: string;
};

/** How a PoC is run; all of `files` are laid out, and the report's text is the nonce if the script reached its end. */
export type PocRun = {
  readonly files: readonly SandboxFile[];
  readonly script: string;
  readonly report: string;
  /** The nonce, for the script's standard input: nothing that the repository's code can read holds it. */
  readonly input: string;
};

/**
 * A second run of tests that shows whether the runner tells the truth: a test file with one test that must pass and one
 * that must fail lies beside one of the selected files, which runs with it (sandbox notes, section 4).
 */
export type CanaryPlan = {
  /** Lays the canary out itself when it starts, in a fresh copy of the tree. */
  readonly script: string;
  readonly report: string;
  readonly files: readonly SandboxFile[];
  /** Ids that must be reported as passed and as failed. */
  readonly passes: string;
  readonly fails: string;
};

/** Something in a patch that a reviewer should look at, because with it code could fake its own test results. */
export type Alarm = { readonly pattern: RegExp; readonly meaning: string };

/** One target language. Everything here is synchronous and pure except planning, which reads the checkout. */
export interface Language {
  readonly id: string;
  /** For people: "Python". */
  readonly name: string;
  /** Fence tags of its code blocks, the usual one first. */
  readonly fences: readonly [string, ...string[]];
  /** Patterns of files that steer its test runs, which no candidate may touch. */
  readonly protectedPaths: readonly string[];
  /** Looked for in each added line of files that are no tests. */
  readonly alarms: readonly Alarm[];
  /** Shell that fails when the programs to run this language's code are missing. */
  readonly toolchain: string;
  /** See SandboxRequest. */
  readonly warmUp: string | null;
  isSource(path: string): boolean;
  isTest(path: string): boolean;
  /** Why a file that the base commit lacks must not be added: it would be loaded in place of another. */
  shadows(path: string): string | null;
  structure(text: string): Structure;
  /** The file with bodies elided, for prompts that do not fit otherwise. */
  skeleton(text: string): string;
  /** First syntax error as `line N: ...`, null when the text parses. */
  syntaxError(text: string): string | null;
  /**
   * The text without comments, formatting and docstrings: equal for files that mean the same.
   * Null when the text does not parse.
   */
  normalForm(text: string): string | null;
  /** For people: how to run a PoC by hand, as Markdown that follows "To repeat it, ". */
  readonly repeat: string;
  /** Runs a PoC from the tree's root. */
  poc(script: PocScript): PocRun;
  /** Whether a failing PoC run failed for reasons of its own (syntax, missing module, usage) and so shows nothing. */
  pocBroken(outcome: ExecutionOutcome): string | null;
  /** Null when the repository has no tests it can find. */
  planTests(checkout: Checkout, selection: TestSelection): Promise<TestPlan | null>;
  /** Null when the plan's runner cannot be checked this way. */
  canary(checkout: Checkout, plan: TestPlan, token: string): Promise<CanaryPlan | null>;
  readTestReport(outcome: ExecutionOutcome): TestReport;
  /** Null when no manifest says what the repository needs. */
  planSetup(checkout: Checkout): Promise<SetupPlan | null>;
}
