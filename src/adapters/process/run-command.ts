import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { maxReportBytes, type ExecutionOutcome } from "../../domain/execution.ts";
import { reportName } from "../../driver/job-archive.ts";
import { textOf } from "../../driver/output-ends.ts";
import { commandEnvironment } from "../../driver/sandbox-layout.ts";
import { shellQuote as quote } from "../../driver/shell-quote.ts";
import type { SandboxCommand } from "../../ports/sandbox.ts";
import { keepOutput } from "./kept-output.ts";
import type { JobFolders } from "./lay-out-job.ts";

/** Time for the output of an ended command to arrive, in milliseconds; a daemon may hold its pipes for ever. */
const drainMs = 500;

/**
 * One command as a process group of its own, which is killed as a whole at its end, at its time limit and when
 * `signal` aborts. `programs` are folders searched before the PATH of this process.
 */
export async function runCommand(
  command: SandboxCommand,
  folders: JobFolders,
  programs: readonly string[],
  outputBytes: number,
  signal: AbortSignal,
): Promise<ExecutionOutcome> {
  const script = join(folders.root, "script");
  await writeFile(script, command.script);
  const report = command.report === null ? null : join(folders.out, reportName(command.report));
  if (report !== null) await rm(report, { recursive: true, force: true });
  const begin = performance.now();
  const child = spawn("sh", ["-c", launch(folders, programs), "sh", script], {
    cwd: folders.tree,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  // a command may end without having read it
  child.stdin.on("error", () => undefined).end(command.input ?? "");
  const stdout = keepOutput(outputBytes);
  const stderr = keepOutput(outputBytes);
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  let timedOut = false;
  const kill = () => killGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, command.timeoutMs);
  signal.addEventListener("abort", kill, { once: true });
  if (signal.aborted) kill();
  try {
    const closed = once(child, "close");
    closed.catch(() => undefined);
    await once(child, "exit");
    kill();
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, drainMs))]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
    child.stdout.destroy();
    child.stderr.destroy();
  }
  const result = {
    durationMs: Math.round(performance.now() - begin),
    report: report === null ? null : await readReport(report),
    stdout: stdout.text(),
    stderr: stderr.text(),
    cut: stdout.cut() || stderr.cut(),
  };
  if (timedOut) return { kind: "timed-out", ...result };
  return { kind: "exited", exitCode: child.exitCode ?? 137, ...result };
}

/** The shell keeps nothing of this process's environment but its PATH. */
function launch(folders: JobFolders, programs: readonly string[]): string {
  const own = {
    ...commandEnvironment,
    COPATCHER_ASIDE: folders.aside,
    COPATCHER_OUT: folders.out,
    HOME: folders.home,
  };
  const variables = Object.entries(own).map(([name, value]) => `${name}=${quote(value)}`);
  const path = [...programs.map(quote), '"$PATH"'].join(":");
  return `exec env -i ${variables.join(" ")} PATH=${path} sh "$1"`;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // the group is gone already
  }
}

async function readReport(path: string): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => null);
  if (file === null) return null;
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > maxReportBytes) return null;
    return textOf(await file.readFile());
  } finally {
    await file.close();
  }
}
