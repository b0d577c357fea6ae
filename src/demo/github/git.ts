import { spawn } from "node:child_process";

export class GitFailure extends Error {
  readonly exitCode: number | null;

  constructor(args: readonly string[], exitCode: number | null, stderr: string) {
    super(`git ${args[0] ?? ""} failed: ${stderr.trim()}`);
    this.name = "GitFailure";
    this.exitCode = exitCode;
  }
}

type GitOptions = { readonly stdin?: Uint8Array | string; readonly env?: Readonly<Record<string, string>> };

/** Plumbing on one bare repository. Bytes in, bytes out; a non-zero exit throws GitFailure. */
export type Git = {
  readonly directory: string;
  readonly bytes: (args: readonly string[], options?: GitOptions) => Promise<Buffer>;
  /** Standard output without its last newline. */
  readonly line: (args: readonly string[], options?: GitOptions) => Promise<string>;
  /** The object's full name when it exists (and has the given type), else null. */
  readonly resolve: (name: string, type?: "commit" | "tree" | "blob") => Promise<string | null>;
};

/** No configuration of the machine or of the person takes part. */
export const gitEnvironment = (): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "/usr/bin:/bin",
  HOME: "/nonexistent",
  LC_ALL: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_LITERAL_PATHSPECS: "1",
});

export function openGit(directory: string): Git {
  const bytes: Git["bytes"] = (args, options = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn("git", ["--git-dir", directory, ...args], {
        env: { ...gitEnvironment(), ...options.env },
        stdio: ["pipe", "pipe", "pipe"],
      });
      const output: Buffer[] = [];
      const errors: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
      child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
      child.on("error", reject);
      child.on("close", (code) => {
        if (code === 0) resolve(Buffer.concat(output));
        else reject(new GitFailure(args, code, Buffer.concat(errors).toString()));
      });
      child.stdin.on("error", () => undefined);
      child.stdin.end(options.stdin ?? "");
    });

  const line: Git["line"] = async (args, options) =>
    (await bytes(args, options)).toString().replace(/\n$/, "");

  return {
    directory,
    bytes,
    line,
    resolve: async (name, type) => {
      const wanted = type === undefined ? name : `${name}^{${type}}`;
      try {
        return await line(["rev-parse", "--verify", "--quiet", "--end-of-options", wanted]);
      } catch (error) {
        if (error instanceof GitFailure) return null;
        throw error;
      }
    },
  };
}
