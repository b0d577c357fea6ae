import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { commandEnvironment, layout } from "../../driver/sandbox-layout.ts";
import { shellQuote } from "../../driver/shell-quote.ts";
import { mountTable, sharedFolder, type MemoryFolder } from "./memory-folders.ts";

/** Descriptors of a sandbox's process besides the standard ones; commands inherit none of them. */
export const descriptors = { base: 3, driverFilter: 4, commandFilter: 5, warmed: 6 } as const;

export type WallParts = {
  /** Folders outside of /usr that the host's python3 needs, the one with its `bin` first. */
  readonly python: readonly string[];
  /** Further files and folders of the host that both walls show, read-only. */
  readonly shown: readonly string[];
  /** Most processes of one command. */
  readonly processes: number;
  /** Largest single file that a command can write. */
  readonly fileBytes: number;
  /** Folder of the host that both walls show as `$COPATCHER_ENV`. */
  readonly environment: { readonly folder: string; readonly writable: boolean } | null;
  /** Unix socket of the host that both walls show as `proxySocketPath`; the only way to a network, for set-up steps. */
  readonly proxySocket: string | null;
  readonly folders: readonly MemoryFolder[];
  /** More arguments for the outer wall. */
  readonly extra: readonly string[];
  /** By which a later start finds what a crash left; it stands in the command line of bwrap's processes. */
  readonly label: string;
};

/** Where walls show a proxy's socket. */
export const proxySocketPath = "/sbx/proxy.sock";

const commandFile = "/sbx/command";
const filterFile = "/sbx/filter";
/** The descriptor on which the inner bwrap finds its filter; one digit, since that is what a POSIX shell can open. */
const innerFilter = 9;

/** The folders of the host's system, read-only, as both walls show them. Data of the host stays out. */
function systemFolders({ python, shown }: WallParts): string[] {
  const roots = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"].flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    return found.isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
  });
  const optional = ["/nix/store", "/gnu/store"].flatMap((path) => ["--ro-bind-try", path, path]);
  const bound = [...python, ...shown].flatMap((path) => ["--ro-bind", path, path]);
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
  // of Maven not all: its settings may hold passwords
  "maven/m2.conf",
  "maven/logging",
  ...javaSettings(),
];

/** A JDK of Debian's keeps its security settings here, by version, and does not start without. */
function javaSettings(): readonly string[] {
  return readdirSync("/etc").filter((name) => /^java(-\d+-openjdk)?$/.test(name));
}

/** Files of /etc that the driver writes; nothing of the host's own goes in. */
const madeSettings = {
  hosts: "127.0.0.1 localhost\\n::1 localhost\\n",
  passwd: "root:x:0:0:root:/:/bin/sh\\nsandbox:x:1000:1000:sandbox:/tmp:/bin/sh\\n",
  group: "root:x:0:\\nsandbox:x:1000:\\n",
};

const wall = ["--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--clearenv"];
const withoutRights = ["--cap-drop", "ALL"];

/** The first for mounting and for giving up the others; the last lets a name space inside be mapped to this one's root. */
const mountRights = ["CAP_SYS_ADMIN", "CAP_SETPCAP", "CAP_SETFCAP"];
const kept = "-all,+setfcap";

const searchPath = (python: readonly string[]): string =>
  [...python.slice(0, 1).map((prefix) => `${prefix}/bin`), "/usr/local/bin", "/usr/bin", "/bin"].join(":");

const setUp = ({ environment, proxySocket }: WallParts, from: (host: string, inside: string) => string) => [
  ...(environment === null
    ? []
    : [
        environment.writable ? "--bind" : "--ro-bind",
        from(environment.folder, layout.environment),
        layout.environment,
      ]),
  ...(proxySocket === null ? [] : ["--ro-bind", from(proxySocket, proxySocketPath), proxySocketPath]),
];

/**
 * Arguments of bwrap for the wall that holds `driver`, a POSIX shell script. As root of its own user name space it mounts
 * its memory file systems, and then gives up every right but that to make further walls. The filters come on `descriptors`.
 */
export function outerWall(parts: WallParts, driver: string): string[] {
  const prepare = [
    ...Object.entries(madeSettings).map(([name, text]) => `printf '${text}' >/etc/${name}`),
    `printf %s ${shellQuote(mountTable(parts.folders))} >/etc/fstab`,
    "mount -a",
    // whole files at once where the kernel can, which spares a fifth of unpacking; where it cannot this changes nothing
    `{ mount -o remount,huge=within_size ${layout.tree} 2>/dev/null || true; }`,
    `exec setpriv --inh-caps=${kept} --ambient-caps=${kept} --bounding-set=${kept} sh -c "$1"`,
  ];
  return [
    ...wall,
    ...withoutRights,
    ...mountRights.flatMap((right) => ["--cap-add", right]),
    "--uid",
    "0",
    "--gid",
    "0",
    "--setenv",
    "PATH",
    searchPath(parts.python),
    "--seccomp",
    String(descriptors.driverFilter),
    ...systemFolders(parts),
    ...systemSettings.flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`]),
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    ...parts.folders.flatMap(({ path }) => ["--dir", path]),
    "--file",
    String(descriptors.commandFilter),
    filterFile,
    ...setUp(parts, (host) => host),
    ...parts.extra,
    "--chdir",
    "/",
    "sh",
    "-c",
    prepare.join(" && "),
    parts.label,
    driver,
  ];
}

/** Shell (to be put behind `exec` or a program) that becomes the script file named by the shell word `script`, behind a wall of its own. */
export function innerWall(parts: WallParts, script: string): string {
  const variables = Object.entries({ ...commandEnvironment, PATH: searchPath(parts.python) });
  const before = [
    ...wall,
    ...withoutRights,
    "--uid",
    "1000",
    "--gid",
    "1000",
    "--disable-userns",
    "--seccomp",
    String(innerFilter),
    ...variables.flatMap(([name, value]) => ["--setenv", name, value]),
    ...systemFolders(parts),
    "--ro-bind",
    "/etc",
    "/etc",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    "--bind",
    sharedFolder,
    "/dev/shm",
    ...[layout.tree, layout.temporary, layout.out].flatMap((folder) => ["--bind", folder, folder]),
    "--ro-bind",
    layout.aside,
    layout.aside,
    ...setUp(parts, (_host, inside) => inside),
  ];
  const after = [
    "--remount-ro",
    "/dev",
    "--remount-ro",
    "/",
    "--chdir",
    layout.tree,
    "prlimit",
    `--nproc=${parts.processes}`,
    `--fsize=${parts.fileBytes}`,
    "--nofile=4096",
    // one byte is no core file either, and 0 would not keep a host's core handler from being started
    "--core=1",
    "sh",
    commandFile,
  ];
  const words = (list: readonly string[]) => list.map(shellQuote).join(" ");
  return `bwrap ${words(before)} --ro-bind ${script} ${commandFile} ${words(after)} ${innerFilter}<${filterFile} ${descriptors.warmed}>&-`;
}
