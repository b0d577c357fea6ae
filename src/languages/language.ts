import type { ExecutionOutcome, TestReport } from "../domain/execution.ts";
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

/** One target language. Everything here is synchronous and pure except planning, which reads the checkout. */
export interface Language {
  readonly id: string;
  /** Fence tag of its code blocks. */
  readonly fences: readonly string[];
  isSource(path: string): boolean;
  isTest(path: string): boolean;
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
  /** File name and shell script that run a PoC from the tree's root; the script lies at `$COPATCHER_ASIDE/<file>`. */
  poc(name: string): { readonly file: string; readonly script: string };
  /** Whether a failing PoC run failed for reasons of its own (syntax, missing module, usage) and so shows nothing. */
  pocBroken(outcome: ExecutionOutcome): string | null;
  /** Null when the repository has no tests it can find. */
  planTests(checkout: Checkout, selection: TestSelection): Promise<TestPlan | null>;
  readTestReport(outcome: ExecutionOutcome): TestReport;
}
