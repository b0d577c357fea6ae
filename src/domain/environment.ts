import { z } from "zod";

/** One set-up command: its name for people ("pip install -r requirements.txt") and a POSIX shell script. */
export type SetupStep = { readonly name: string; readonly script: string };

/**
 * What makes a repository's tests runnable. Steps run once, at the root of the base commit's tree, with network access and
 * as the only code that has it; whatever they leave in `$COPATCHER_ENV`, or elsewhere in an image, is kept.
 */
export type SetupPlan = {
  /** Where the plan comes from, for people: `requirements.txt`, `environment.setup of .github/copatcher.yml`. */
  readonly source: string;
  /** Paths of the tree whose content decides what the steps install. */
  readonly inputs: readonly string[];
  readonly steps: readonly SetupStep[];
  /**
   * Shell that runs before every later command, at the root of a fresh copy of the tree and in the command's own shell:
   * it puts what the steps installed into place (PATH, links). `$COPATCHER_ENV` is read-only then.
   */
  readonly activate: string;
};

/** What an environment starts from: an image (null: the operator's default) or a Dockerfile of the repository. */
export type EnvironmentBase =
  | { readonly kind: "image"; readonly image: string | null }
  | { readonly kind: "dockerfile"; readonly path: string; readonly context: string };

export type EnvironmentPlan = SetupPlan & {
  readonly base: EnvironmentBase;
  /** `inputs` with the blobs that they have in the base commit. */
  readonly blobs: ReadonlyArray<{ readonly path: string; readonly blob: string }>;
  /** Of the hosts that the operator allows, those that the steps may reach; left out: all. */
  readonly hosts?: readonly string[];
};

/** `data` of an `environment-failed` error, for the answer on the issue. All of it but `logFile` is untrusted text. */
export const BuildFailure = z.object({
  /** Name of the failing step. */
  step: z.string(),
  /** "exit 1", "timed out after 300 s". */
  status: z.string(),
  /** The last lines of its output. */
  tail: z.string(),
  /** File on the bot's host with the whole log, null when there is none. */
  logFile: z.string().nullable(),
});
export type BuildFailure = z.infer<typeof BuildFailure>;

/** The place where a run's commands run. */
export type Environment = {
  /** What the sandbox knows it by; null means the sandbox's default. */
  readonly reference: string | null;
  readonly source: string;
  readonly inputs: readonly string[];
  readonly activate: string;
  /** Why nothing can be executed at all, null when commands run. */
  readonly unable: string | null;
};

/** The sandbox's default image with nothing installed into it. */
export const plainEnvironment: Environment = {
  reference: null,
  source: "the sandbox's default",
  inputs: [],
  activate: "",
  unable: null,
};
