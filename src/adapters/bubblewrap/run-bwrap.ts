import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { RepairError } from "../../domain/errors.ts";

export type BwrapRun = {
  readonly command: readonly string[];
  /** Tar file on the host that becomes the tree. */
  readonly base: string;
  readonly input: readonly Uint8Array[];
  readonly deadlineMs: number;
  readonly maxOutputBytes: number;
};

export type BwrapResult = {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly end: "by-itself" | "deadline" | "flooded";
};

/** bwrap's own process shows its environment inside the sandbox, so it gets nothing but a search path. */
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" };

/**
 * Runs bwrap to its end. Killing it kills everything inside, by the kernel: that is what `signal` and the deadline do.
 * Throws RepairError `sandbox-failed` when it cannot be started or the base cannot be read.
 */
export async function runBwrap(run: BwrapRun, signal: AbortSignal): Promise<BwrapResult> {
  const [program, ...rest] = run.command;
  if (program === undefined) throw new RepairError("internal", "There is no command line.");
  const base = await open(run.base).catch((error: unknown) => {
    throw new RepairError("sandbox-failed", `The base tree ${run.base} cannot be read.`, { cause: error });
  });
  try {
    const child = spawn(program, rest, {
      cwd: "/",
      env: environment,
      stdio: ["pipe", "pipe", "pipe", base.fd],
      signal,
      killSignal: "SIGKILL",
    });
    let end: BwrapResult["end"] = "by-itself";
    let problem: Error | null = null;
    const limit = (reason: "deadline" | "flooded") => {
      end = reason;
      child.kill("SIGKILL");
    };
    child.on("error", (error) => {
      problem = error;
    });
    const timer = setTimeout(() => limit("deadline"), run.deadlineMs);
    const stdout = collect(child.stdout, run.maxOutputBytes, () => limit("flooded"));
    const stderr = collect(child.stderr, 64 * 1024, () => undefined);
    // a killed child closes its standard input under our hands
    child.stdin?.on("error", () => undefined);
    if (child.stdin !== null) Readable.from(run.input).pipe(child.stdin);
    await once(child, "close").catch(() => undefined);
    clearTimeout(timer);
    if (problem !== null && !signal.aborted) {
      throw new RepairError("sandbox-failed", `${program} could not be run.`, { cause: problem });
    }
    return { stdout: stdout(), stderr: stderr().toString("utf8"), exitCode: child.exitCode, end };
  } finally {
    await base.close();
  }
}

function collect(stream: Readable | null, maxBytes: number, onFull: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else onFull();
  });
  return () => Buffer.concat(chunks);
}
