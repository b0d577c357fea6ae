import { lstatSync, readlinkSync } from "node:fs";
import { driverScript } from "../../driver/driver-script.ts";
import { commandEnvironment, layout, maxFileBytes, sizesMb } from "../../driver/sandbox-layout.ts";
import { shellQuote } from "../../driver/shell-quote.ts";
import type { SandboxLimits } from "../../ports/sandbox.ts";

const mb = 2 ** 20;
const commandFile = "/sbx/command";

/** File descriptor on which the driver finds the base tree's tar. */
export const baseDescriptor = 3;

/** The folders of the host's system, read-only, as both walls show them. Data of the host stays out. */
function systemFolders(python: readonly string[]): string[] {
  const roots = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"].flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    return found.isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
  });
  const optional = ["/nix/store", "/gnu/store"].flatMap((path) => ["--ro-bind-try", path, path]);
  const bound = python.flatMap((path) => ["--ro-bind", path, path]);
  return ["--ro-bind", "/usr", "/usr", ...roots, ...optional, ...bound];
}

/** Parts of /etc that programs need; nothing in them is about this host's users or network. */
const systemSettings = [
  "alternatives",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "mime.types",
  "ssl/certs",
  "ca-certificates",
];

const wall = [
  "--unshare-all",
  "--unshare-user",
  "--die-with-parent",
  "--new-session",
  "--cap-drop",
  "ALL",
  "--uid",
  "1000",
  "--gid",
  "1000",
];

const memoryFolder = (sizeMb: number, path: string): string[] => [
  "--size",
  String(sizeMb * mb),
  "--tmpfs",
  path,
];

/**
 * The outer wall holds the driver and the memory file systems of one job. The driver puts a second wall around every
 * command, so that a command can neither see nor signal the driver although both have the same user id.
 */
export function jobArguments(limits: SandboxLimits, python: readonly string[]): string[] {
  const path = [
    ...python.slice(0, 1).map((prefix) => `${prefix}/bin`),
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
  ].join(":");
  return [
    ...wall,
    "--clearenv",
    "--setenv",
    "PATH",
    path,
    ...systemFolders(python),
    ...systemSettings.flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`]),
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    ...memoryFolder(limits.treeMb, layout.tree),
    ...memoryFolder(sizesMb.temporary, layout.temporary),
    ...memoryFolder(sizesMb.out, layout.out),
    ...memoryFolder(sizesMb.control, layout.control),
    ...memoryFolder(sizesMb.keep, layout.keep),
    "--chdir",
    "/",
    "sh",
    "-c",
    jobDriver(limits, python, path),
  ];
}

function jobDriver(limits: SandboxLimits, python: readonly string[], path: string): string {
  const variables = Object.entries({ ...commandEnvironment, PATH: path });
  const second = [
    ...wall,
    "--disable-userns",
    "--clearenv",
    ...variables.flatMap(([name, value]) => ["--setenv", name, value]),
    ...systemFolders(python),
    "--ro-bind",
    "/etc",
    "/etc",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    ...memoryFolder(sizesMb.shared, "/dev/shm"),
    ...[layout.tree, layout.temporary, layout.out].flatMap((folder) => ["--bind", folder, folder]),
    "--ro-bind",
    layout.aside,
    layout.aside,
  ];
  const rights = [
    "--remount-ro",
    "/dev",
    "--remount-ro",
    "/",
    "--chdir",
    layout.tree,
    "prlimit",
    `--nproc=${limits.processes}`,
    `--as=${limits.memoryMb * mb}`,
    `--fsize=${maxFileBytes}`,
    "--nofile=4096",
    "--core=0",
    "sh",
    commandFile,
  ];
  const inner = `${second.map(shellQuote).join(" ")} --ro-bind "$2" ${commandFile} ${rights.map(shellQuote).join(" ")}`;
  const accounts = "root:x:0:0:root:/:/bin/sh\\nsandbox:x:1000:1000:sandbox:/tmp:/bin/sh\\n";
  return driverScript({
    tools: ["bwrap", "prlimit"],
    unpack: `printf '127.0.0.1 localhost\\n::1 localhost\\n' >/etc/hosts; printf '${accounts}' >/etc/passwd
      printf 'root:x:0:\\nsandbox:x:1000:\\n' >/etc/group
      got=0; [ ! -s /proc/self/fd/${baseDescriptor} ] || tar -x -f - -C ${layout.tree} --no-same-owner <&${baseDescriptor} || got=1; exec ${baseDescriptor}<&-; [ $got -eq 0 ]`,
    asUser: '"$@"',
    run: `exec timeout -s KILL "$1" bwrap ${inner}`,
    outputBytes: limits.outputBytes,
  });
}
