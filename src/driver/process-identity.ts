import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/**
 * Whether a process is over: "unknown" when it was one of another machine or of another process name space (a bot in a
 * container), which cannot be looked up from here.
 */
export type ProcessFate = "lives" | "gone" | "unknown";

/** What of this machine, and of its processes, identities are made and judged by. */
export type Machine = {
  /** Of the host's name and the machine's id. */
  readonly host: string;
  /** Whether `host` is of this one machine: containers and copies may have names in common, but no machine id. */
  readonly hostIsSure: boolean;
  readonly boot: string;
  /** Number of the process name space. */
  readonly space: string;
  /** When a process began, in ticks since the machine started; null for none. */
  startOf(pid: number): string | null;
};

const pattern = /(\d+)-(\d+)-(\d+)-([0-9a-f]{8})-([0-9a-f]{8})/;

/**
 * Names a process as no other on any machine is named: process id, start time, process name space, boot and host. For
 * labels, tags and names of files: digits, a to f, and hyphens.
 */
export const identityOf = (pid: number, machine: Machine = thisMachine()): string =>
  [pid, machine.startOf(pid) ?? "0", machine.space, machine.boot, machine.host].join("-");

/** What became of the process whose identity `name` contains; "unknown" where it contains none. */
export function fateOf(name: string, machine: Machine = thisMachine()): ProcessFate {
  const [, pid, start, space, boot, host] = pattern.exec(name) ?? [];
  if (host !== machine.host) return "unknown";
  if (boot !== machine.boot) return machine.hostIsSure ? "gone" : "unknown";
  if (space !== machine.space) return "unknown";
  return machine.startOf(Number(pid)) === start ? "lives" : "gone";
}

export function thisMachine(): Machine {
  const machineId = firstLine("/etc/machine-id");
  return {
    host: hash(`${hostname()}\n${machineId}`),
    hostIsSure: machineId !== "",
    boot: hash(firstLine("/proc/sys/kernel/random/boot_id")),
    space: processSpace(),
    startOf,
  };
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

function firstLine(path: string): string {
  try {
    return readFileSync(path, "latin1").split("\n")[0] ?? "";
  } catch {
    return "";
  }
}

function processSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
  } catch {
    return "0";
  }
}

function startOf(pid: number): string | null {
  if (process.platform === "linux") {
    const [state, ...fields] = statFields(pid) ?? ["Z"];
    // one that has ended stays until its parent has asked for it
    return state === "Z" ? null : (fields[18] ?? null);
  }
  try {
    process.kill(pid, 0);
    return "0";
  } catch (error) {
    // EPERM: someone else's process lives
    return error instanceof Error && "code" in error && error.code === "EPERM" ? "0" : null;
  }
}

/** The fields of `/proc/PID/stat` behind the name, which may hold anything; null when the process has ended. */
export function statFields(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
