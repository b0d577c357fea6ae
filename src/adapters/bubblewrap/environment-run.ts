import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { RepairError } from "../../domain/errors.ts";
import { overDisk, overMemory, type SetupDisk } from "../../driver/setup-limits.ts";
import type { StepEnd } from "../../driver/setup-steps.ts";
import { throwIfAborted } from "../../driver/slots.ts";
import { bwrapCommand } from "./bwrap-command.ts";
import { readAnswers, setupArguments } from "./environment-driver.ts";
import { killSandbox } from "./kill-sandbox.ts";
import { spawnBwrap } from "./live-bwrap.ts";
import { folderBytes, type MemoryFolder } from "./memory-folders.ts";
import type { Host } from "./host.ts";
import { folderSize } from "./environment-folder.ts";

export type SetupStart = {
  /** Writable folder of the host. */
  readonly folder: string;
  /** Tar on the host that becomes the tree. */
  readonly tree: string;
  readonly folders: readonly MemoryFolder[];
  /** Folder of the host and, in it, the proxy's socket; null for no network. */
  readonly proxy: { readonly folder: string; readonly socket: string } | null;
  /** Further files and folders of the host that steps see, read-only. */
  readonly shown: readonly string[];
  readonly memoryMb: number;
  readonly stepSeconds: number;
  readonly disk: SetupDisk;
};

/** A sandbox for the steps of one set-up, which share its tree. */
export type SetupSandbox = {
  /** One at a time. Throws RepairError `sandbox-failed` when the machinery broke, and `cancelled`. */
  runStep(script: string, onOutput: (chunk: Buffer) => void): Promise<StepEnd>;
  /** Ends everything in it. */
  close(): Promise<void>;
};

const processes = 1024;
const lookMs = 3000;

export async function openSetupSandbox(
  host: Host,
  start: SetupStart,
  signal: AbortSignal,
): Promise<SetupSandbox> {
  const { folder, folders, proxy, memoryMb, stepSeconds } = start;
  const limits = { memoryMb, processes, outputBytes: 0, treeMb: 0 };
  const memory = await host.limiter.job(limits, folderBytes(folders));
  const walls = {
    python: host.python,
    shown: start.shown,
    processes,
    fileBytes: start.disk.mb * 2 ** 20,
    environment: { folder, writable: true },
    proxySocket: proxy?.socket ?? null,
    folders,
    extra: memory.killCount,
    label: host.label,
  };
  const command = bwrapCommand({
    arguments: setupArguments(walls, stepSeconds),
    shown: [...host.python, ...start.shown, folder, ...(proxy === null ? [] : [proxy.folder])],
    enter: memory.enter,
    asRoot: host.asRoot,
  });
  const { filters } = host;
  const bwrap = { command, memory, base: start.tree, filters, warmed: null };
  let child: ChildProcess;
  try {
    child = spawnBwrap(bwrap);
  } catch (error) {
    await memory.release();
    throw error;
  }
  const said: Buffer[] = [];
  child.stderr?.on("data", (chunk: Buffer) => said.length < 100 && said.push(chunk));
  let stopped: string | null = null;
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      killSandbox(child.pid);
  };
  const stop = (why: string): void => {
    stopped ??= why;
    kill();
  };
  const onAbort = () => stop("cancelled");
  signal.addEventListener("abort", onAbort, { once: true });
  if (child.pid !== undefined) memory.watch(child.pid, (_, because) => stop(outOfMemory(memoryMb, because)));
  const closed = once(child, "close").catch(() => undefined);
  let looking = false;
  const look = async () => {
    // on a slow disk one look takes longer than the time between two
    if (looking) return;
    looking = true;
    const over = overDisk(await folderSize(folder), start.disk);
    if (over !== null) stop(over);
    looking = false;
  };
  const timer = setInterval(() => {
    void look();
  }, lookMs);

  const word = randomBytes(16).toString("hex");
  let output: (chunk: Buffer) => void = () => undefined;
  let ended: (status: number) => void = () => undefined;
  child.stdout?.on(
    "data",
    readAnswers(
      word,
      (chunk) => output(chunk),
      (status) => ended(status),
    ),
  );
  child.stdin?.write(`${word}\n`);
  return {
    async runStep(script, onOutput) {
      throwIfAborted(signal);
      output = onOutput;
      const begin = performance.now();
      const killedBefore = await memory.killed();
      const answer = new Promise<number>((resolve) => {
        ended = resolve;
      });
      child.stdin?.write(`${Buffer.from(script).toString("base64")}\n`);
      const status = await Promise.race([answer, closed.then(() => null)]);
      throwIfAborted(signal);
      if (stopped !== null) return { kind: "stopped", why: stopped };
      if (status === null) {
        const text = Buffer.concat(said).toString("utf8").trim().slice(-500);
        throw new RepairError("sandbox-failed", `The set-up sandbox ended (exit ${child.exitCode}): ${text}`);
      }
      if (status === killed && performance.now() - begin >= stepSeconds * 1000) {
        return { kind: "stopped", why: `timed out after ${stepSeconds} s` };
      }
      // the kernel's count is the whole sandbox's: one of an earlier step says nothing about this one
      if (status === killed && !killedBefore && (await memory.killed()))
        return { kind: "stopped", why: outOfMemory(memoryMb, "limit") };
      // a quick step ends before anybody looks
      const over = overDisk(await folderSize(folder), start.disk);
      if (over !== null) return { kind: "stopped", why: over };
      return { kind: "exited", code: status };
    },
    async close() {
      clearInterval(timer);
      signal.removeEventListener("abort", onAbort);
      kill();
      await closed;
      await memory.release();
    },
  };
}

const killed = 137;

const outOfMemory = (memoryMb: number, because: "limit" | "host"): string =>
  because === "limit"
    ? overMemory(memoryMb)
    : "out of memory: the machine itself ran out, and this was the largest thing on it";
