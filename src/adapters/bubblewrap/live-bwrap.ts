import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { Readable } from "node:stream";
import { RepairError } from "../../domain/errors.ts";
import { throwIfAborted } from "../../driver/slots.ts";
import type { WarmSandbox } from "../../driver/warm-pool.ts";
import { collectOutput } from "./collect-output.ts";
import { inheritedDescriptors } from "./inherited-descriptors.ts";
import { killSandbox } from "./kill-sandbox.ts";
import type { JobMemory } from "./memory-limit.ts";
import { descriptors } from "./walls.ts";

export type BwrapStart = {
  readonly command: readonly string[];
  readonly memory: JobMemory;
  /** File on the host that becomes the tree: a tar, or empty. */
  readonly base: string;
  readonly filters: { readonly driver: Buffer; readonly commands: Buffer };
  /** Descriptor of a file on the host that a warm-up fills; null for jobs. */
  readonly warmed: number | null;
};

export type BwrapRun = {
  readonly input: readonly Uint8Array[];
  readonly deadlineMs: number;
  readonly maxOutputBytes: number;
  /** How many commands have come to their end, of the standard output so far. */
  readonly finished: (stdout: Buffer) => number;
};

export type BwrapResult = {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly end: "by-itself" | "deadline" | "flooded" | "out-of-memory";
  /** Numbers of the commands that were killed from outside for their memory. */
  readonly memoryKills: readonly number[];
  /** What was killed for memory was within its limit: the host itself ran out. */
  readonly hostRanOut: boolean;
};

/** A sandbox whose driver waits for its job. */
export type LiveBwrap = WarmSandbox & {
  /** Runs the one job to the end of the sandbox; aborting `signal` ends it early. */
  run(job: BwrapRun, signal: AbortSignal): Promise<BwrapResult>;
};

/** bwrap's own process shows its environment inside the sandbox, so it gets nothing but a search path. */
const environment = { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" };
const ready = "READY\n";
const maxErrorBytes = 64 * 1024;
/** Until the tree is unpacked, in milliseconds. */
const startTime = 120_000;

/**
 * Starts bwrap and waits until its driver does.
 * Throws RepairError `sandbox-failed` or `cancelled`, and leaves nothing then.
 */
export async function startBwrap(start: BwrapStart, signal: AbortSignal): Promise<LiveBwrap> {
  let child: ChildProcess;
  try {
    child = spawnBwrap(start);
  } catch (error) {
    await start.memory.release();
    throw error;
  }
  const stdout = collectOutput(child.stdout);
  const stderr = collectOutput(child.stderr, maxErrorBytes);
  let problem: Error | null = null;
  child.on("error", (error) => {
    problem = error;
  });
  let open = true;
  const ending = async (): Promise<void> => {
    await once(child, "close").catch(() => undefined);
    open = false;
  };
  const closed = ending();
  const kill = () => {
    if (open && child.pid !== undefined) killSandbox(child.pid);
  };
  const discard = async () => {
    kill();
    await closed;
    await start.memory.release();
  };
  signal.addEventListener("abort", kill, { once: true });
  const timer = setTimeout(kill, startTime);
  await Promise.race([closed, stdout.until(ready.length)]);
  clearTimeout(timer);
  signal.removeEventListener("abort", kill);
  if (signal.aborted || !stdout.bytes().toString("latin1").startsWith(ready)) {
    const killed = child.signalCode === "SIGKILL";
    await discard();
    throwIfAborted(signal);
    const said = stderr.bytes().toString("utf8").trim();
    throw new RepairError(
      "sandbox-failed",
      `bubblewrap did not start${killed ? " in time" : ""} (exit ${child.exitCode}): ${said}`,
      { cause: problem },
    );
  }

  return {
    ended: closed,
    discard,
    async run(job, jobSignal) {
      let end: BwrapResult["end"] = "by-itself";
      const memoryKills: number[] = [];
      let hostRanOut = false;
      const stop = (reason: BwrapResult["end"]) => {
        if (end === "by-itself") end = reason;
        kill();
      };
      jobSignal.addEventListener("abort", kill, { once: true });
      if (jobSignal.aborted) kill();
      const deadline = setTimeout(() => stop("deadline"), job.deadlineMs);
      stdout.limit(job.maxOutputBytes, () => stop("flooded"));
      if (child.pid !== undefined) {
        start.memory.watch(child.pid, (killed, because) => {
          if (because === "host") hostRanOut = true;
          if (killed === "sandbox") stop("out-of-memory");
          else memoryKills.push(job.finished(stdout.bytes()));
        });
      }
      if (child.stdin !== null) Readable.from(job.input).pipe(child.stdin);
      await closed;
      clearTimeout(deadline);
      jobSignal.removeEventListener("abort", kill);
      if (end === "by-itself" && (await start.memory.killed())) end = "out-of-memory";
      const said = stderr.bytes().toString("utf8");
      const { exitCode } = child;
      return { stdout: stdout.bytes(), stderr: said, exitCode, end, memoryKills, hostRanOut };
    },
  };
}

/**
 * Throws RepairError `sandbox-failed`. A program that cannot be started shows in the child's "error" event, which ends
 * the bot when nobody listens yet: nothing may be awaited here, nor by callers before they listen.
 */
export function spawnBwrap({ command, base, filters, warmed }: BwrapStart): ChildProcess {
  const [program, ...rest] = command;
  if (program === undefined) throw new RepairError("internal", "There is no command line.");
  const opened: number[] = [];
  try {
    const file = openSync(base, "r");
    opened.push(file);
    const nothing = openSync("/dev/null", "r");
    opened.push(nothing);
    const child = spawn(program, rest, {
      cwd: "/",
      env: environment,
      // a session of its own: what a terminal sends to the bot is not for its sandboxes
      detached: true,
      stdio: covered(["pipe", "pipe", "pipe", file, "pipe", "pipe", warmed], nothing),
    });
    const send = (descriptor: number, bytes: Buffer) => {
      const stream = child.stdio[descriptor];
      if (!(stream instanceof Object) || !("end" in stream)) return;
      stream.on("error", () => undefined);
      stream.end(bytes);
    };
    if (child.pid === undefined) return child;
    // a killed child closes its standard input under our hands
    child.stdin?.on("error", () => undefined);
    send(descriptors.driverFilter, filters.driver);
    send(descriptors.commandFilter, filters.commands);
    return child;
  } catch (error) {
    throw new RepairError("sandbox-failed", `bubblewrap cannot be started on the base tree ${base}.`, {
      cause: error,
    });
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/** Puts `nothing` over the descriptors that the bot itself inherited, since they would be inherited further. */
function covered(
  wanted: readonly ("pipe" | number | null)[],
  nothing: number,
): ("pipe" | "ignore" | number)[] {
  const inherited = inheritedDescriptors();
  const count = Math.max(wanted.length, ...[...inherited].map((descriptor) => descriptor + 1));
  return Array.from(
    { length: count },
    (_, descriptor) => wanted[descriptor] ?? (inherited.has(descriptor) ? nothing : "ignore"),
  );
}
