import type { ExecutionOutcome, TestReport } from "../domain/execution.ts";
import type { SetupPlan } from "../domain/environment.ts";
import type { LineRange } from "../domain/location.ts";
import type { Canary } from "../domain/two-runs.ts";
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
  /** Unguessable word that the run leaves as its report when the script came to its own end; see endOf. */
  readonly nonce: string;
};

/** How a PoC is run; all of `files` are laid out. */
export type PocRun = {
  readonly files: readonly SandboxFile[];
  /** What is compiled first, under a limit of its own. When it fails, its outcome is the PoC's. */
  readonly build?: { readonly script: string; readonly input: string; readonly timeoutMs: number };
  readonly script: string;
  readonly report: string;
  /**
   * The nonce, or nothing where the build took it: by standard input, so that nothing that the repository's code can
   * read holds it.
   */
  readonly input: string;
};

/**
 * The plan's tests with a module of ours among them, run twice: a test of it passes in the first run and fails in the
 * second, which shows whether the runner tells the truth (docs/decisions/0008). Command line, files and their sizes are
 * the same in both, so that no code can tell by them which run it is in.
 */
export type CanaryPlan = Canary & {
  readonly script: string;
  readonly report: string;
  /** Helper files, as in a TestPlan. */
  readonly files: readonly SandboxFile[];
  readonly module: {
    /** Place in the tree, beside one of the selected files. */
    readonly path: string;
    /** Texts of the same length. */
    readonly first: string;
    readonly second: string;
  };
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
  /** File name under which the models see a PoC. */
  pocName(source: string): string;
  /** Whether code that nobody asked to exit ended the process: a crash, of which no script can say that it came. */
  pocCrashed(outcome: ExecutionOutcome): boolean;
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
