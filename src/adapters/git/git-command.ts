import { simpleGit, type SimpleGit } from "simple-git";
import { unsafe } from "./git-environment.ts";

/** One invocation; `okCodes` are the exit statuses that are answers, not failures. */
export type GitCommand = {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly okCodes?: readonly number[];
  readonly signal?: AbortSignal;
};

/** A git process that failed; the message is its standard error. */
export class GitFailure extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, stderr: string) {
    super(stderr);
    this.name = "GitFailure";
    this.exitCode = exitCode;
  }
}

/** Runs git and gives its standard output as text. */
export const gitText = (command: GitCommand): Promise<string> => instance(command).raw([...command.args]);

/** Runs `git cat-file` with `args` and gives its standard output as bytes. */
export async function gitCatFile(command: GitCommand): Promise<Buffer> {
  const output: unknown = await instance(command).binaryCatFile([...command.args]);
  if (!Buffer.isBuffer(output)) throw new TypeError("git cat-file gave no bytes");
  return output;
}

/** An instance per call: instances run their tasks one after another, and carry signal and input. */
function instance(command: GitCommand): SimpleGit {
  const okCodes = command.okCodes ?? [0];
  const git = simpleGit({
    baseDir: command.environment["GIT_DIR"] ?? "/",
    unsafe,
    allowEnvironment: Object.keys(command.environment).filter((name) => name.startsWith("GIT_")),
    // simple-git takes a failing status without standard error (a killed process, for one) for a success.
    errors: (error, result) => {
      if (error instanceof Error) return error;
      if (okCodes.includes(result.exitCode)) return undefined;
      return new GitFailure(result.exitCode, Buffer.concat(result.stdErr).toString("utf8"));
    },
    ...(command.signal === undefined ? {} : { abort: command.signal }),
    ...(command.input === undefined ? {} : { input: () => command.input }),
  });
  return git.env({ ...command.environment });
}
