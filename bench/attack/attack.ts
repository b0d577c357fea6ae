import type { Sandbox, SandboxCommand, SandboxFile, SandboxSession } from "../../src/ports/sandbox.ts";

/** A sandbox under attack: a session on a small hostile tree that all attacks share, and the way to open others. */
export type Subject = {
  readonly kind: Sandbox["kind"];
  readonly sandbox: Sandbox;
  readonly session: SandboxSession;
};

export type Finding = {
  readonly contained: boolean;
  /** What was seen, one line. */
  readonly saw: string;
};

export type Attack = {
  readonly name: string;
  readonly tries: string;
  /** What must stop it. */
  readonly stoppedBy: string;
  /** Attacks on the host's own handling of hostile data need no sandbox and run once. */
  readonly on: "sandbox" | "host";
  attempt(subject: Subject): Promise<Finding>;
  /** The canary: what the same attack reaches with the protection off; null when it reaches nothing and so proves nothing. */
  unprotected(): Promise<string | null>;
};

export const mark = "ESCAPED";

/** What an attack's output claims to have reached, null when nothing. */
export const claimed = (output: string): string | null =>
  output
    .split("\n")
    .find((line) => line.startsWith(mark))
    ?.slice(mark.length + 1) ?? null;

export const command = (
  script: string,
  timeoutMs = 30_000,
  report: string | null = null,
): SandboxCommand => ({
  script,
  timeoutMs,
  report,
});

export const never = (): AbortSignal => new AbortController().signal;

/** A Python program as a shell script; `body` may use what the prelude defines. */
export const python = (body: string): string =>
  `python3 - <<'COPATCHER_END'\n${prelude}\n${body}\nCOPATCHER_END`;

/** `escaped(what)` claims success; `call(name, ...)` makes a system call and gives its result or -errno. */
const prelude = `
import ctypes, errno, os, platform, resource, signal, socket, struct, subprocess, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)
numbers = {
    "x86_64": {"ptrace": 101, "syslog": 103, "pivot_root": 155, "chroot": 161, "settimeofday": 164, "mount": 165,
               "swapon": 167, "reboot": 169, "sethostname": 170, "init_module": 175, "kexec_load": 246, "add_key": 248,
               "keyctl": 250, "unshare": 272, "perf_event_open": 298, "setns": 308, "process_vm_readv": 310,
               "bpf": 321, "userfaultfd": 323, "io_uring_setup": 425, "open_tree": 428, "fsopen": 430,
               "memfd_secret": 447, "open_by_handle_at": 304, "clock_settime": 227, "acct": 163},
    "aarch64": {"ptrace": 117, "syslog": 116, "pivot_root": 41, "chroot": 51, "settimeofday": 170, "mount": 40,
                "swapon": 224, "reboot": 142, "sethostname": 161, "init_module": 105, "kexec_load": 104, "add_key": 217,
                "keyctl": 219, "unshare": 97, "perf_event_open": 241, "setns": 268, "process_vm_readv": 270,
                "bpf": 280, "userfaultfd": 282, "io_uring_setup": 425, "open_tree": 428, "fsopen": 430,
                "memfd_secret": 447, "open_by_handle_at": 265, "clock_settime": 112, "acct": 89},
}[platform.machine()]
def call(name, *args):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(numbers[name]), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args])
    return result if result >= 0 else -ctypes.get_errno()
def escaped(*what):
    print("ESCAPED", *what, flush=True)
def refused(result):
    return result in (-errno.EPERM, -errno.EACCES, -errno.ENOSYS)
`;

export const aside = (path: string, content: string): SandboxFile => ({ place: "aside", path, content });
