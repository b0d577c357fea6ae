import type { ContainerCreateOptions } from "dockerode";
import { driverScript, fastTar } from "../../driver/driver-script.ts";
import { commandEnvironment, layout, maxFileBytes, sizesMb } from "../../driver/sandbox-layout.ts";
import { shellQuote } from "../../driver/shell-quote.ts";
import { treeInodes } from "../../driver/tree-size.ts";
import type { SandboxLimits } from "../../ports/sandbox.ts";
import { seccompProfile } from "./seccomp-profile.ts";

const mb = 2 ** 20;
const nobody = 65_534;

/** Start of the name of every container and volume that is made here. */
export const namePrefix = "copatcher-";

/** Labels of everything this installation creates; `process` tells live things from a predecessor's. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Names of the volumes of one session: the base tree's, and one for every folder that the image declares as a volume.
 * Left to itself, the engine would give commands each such folder to write to, on the host's disk and without a limit.
 */
export type SessionVolumes = { readonly base: string; readonly declared: Readonly<Record<string, string>> };

/** What was uploaded, and what a warm-up made of it. */
export type BaseTar = "tree.tar" | "warm.tar";

export type JobContainer = {
  readonly image: string;
  readonly labels: Labels;
  readonly volumes: SessionVolumes;
  /** The tar in the base volume that becomes the tree. */
  readonly base: BaseTar;
  /** Container whose network name space (loopback only) is shared; the engine gives it a `localhost`. */
  readonly network: string;
  readonly user: number;
  readonly limits: SandboxLimits;
  readonly treeFiles: number;
};

/** One job: the driver as root without capabilities beyond changing users and killing, everything else closed. */
export function jobContainer(job: JobContainer): ContainerCreateOptions {
  return driverContainer(job, maxFileBytes, readOnly(job.volumes));
}

/** The same for a warm-up, except that the driver leaves the tree as `warm.tar`, of `maxBytes` at most, in the volume. */
export function warmUpContainer(job: JobContainer, maxBytes: number): ContainerCreateOptions {
  const part = `${layout.base}/warm.part`;
  const store = `head -c ${maxBytes + 1} >${part} && [ "$(wc -c <${part})" -le ${maxBytes} ] && mv ${part} ${layout.base}/warm.tar || { rm -f ${part}; false; }`;
  const binds = readOnly({ ...job.volumes, base: null });
  const { base } = job.volumes;
  return driverContainer(job, maxBytes + 1, [`${base}:${layout.base}`, ...binds], store);
}

function driverContainer(
  job: JobContainer,
  fileBytes: number,
  binds: string[],
  store?: string,
): ContainerCreateOptions {
  const { limits } = job;
  const memory = memoryBytes(limits);
  return {
    ...piped(["sh", "-c", jobDriver(job, store)]),
    Image: job.image,
    Labels: { ...job.labels, "copatcher.driver": "" },
    WorkingDir: "/",
    HostConfig: {
      ...closed,
      NetworkMode: `container:${job.network}`,
      CapAdd: ["SETUID", "SETGID", "KILL"],
      Init: true,
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: limits.processes + 64,
      NanoCpus: 1e9,
      OomScoreAdj: 500,
      ShmSize: sizesMb.shared * mb,
      Ulimits: [
        { Name: "nproc", Soft: limits.processes, Hard: limits.processes },
        { Name: "nofile", Soft: 4096, Hard: 4096 },
        { Name: "fsize", Soft: fileBytes, Hard: fileBytes },
        { Name: "core", Soft: 0, Hard: 0 },
        // message queues are files that anybody may make, in the kernel's memory
        { Name: "msgqueue", Soft: 0, Hard: 0 },
      ],
      Binds: binds,
      Tmpfs: {
        [layout.tree]: `${tmpfs(limits.treeMb, "exec", "0755", treeInodes(job.treeFiles))},uid=${job.user},gid=${job.user}`,
        [layout.temporary]: tmpfs(sizesMb.temporary, "exec", "1777", 50_000),
        [layout.out]: tmpfs(sizesMb.out, "noexec", "1777", 1000),
        [layout.control]: tmpfs(sizesMb.control, "noexec", "0755", 50_000),
        [layout.keep]: tmpfs(sizesMb.keep, "noexec", "0700", 1000),
      },
    },
  };
}

/** Writes its standard input as the base tree's tar into the volume. */
export function uploadContainer(image: string, labels: Labels, volume: string): ContainerCreateOptions {
  return {
    ...piped(["sh", "-c", `umask 022; cat >${layout.base}/tree.tar && printf done`]),
    Image: image,
    Labels: { ...labels },
    WorkingDir: "/",
    NetworkDisabled: true,
    HostConfig: { ...closed, ...small, Binds: [`${volume}:${layout.base}`] },
  };
}

/**
 * Does nothing but keep a network name space with loopback alive, and the volumes in use, so that an operator's
 * `docker volume prune` leaves them alone; ends by itself after a day.
 */
export function networkHolder(
  image: string,
  labels: Labels,
  volumes: SessionVolumes,
): ContainerCreateOptions {
  return {
    Image: image,
    ...alone,
    User: `${nobody}:${nobody}`,
    Cmd: ["sleep", "86400"],
    Labels: { ...labels },
    WorkingDir: "/",
    HostConfig: {
      ...closed,
      ...small,
      NetworkMode: "none",
      Init: true,
      Binds: readOnly(volumes),
    },
  };
}

const readOnly = ({ base, declared }: Omit<SessionVolumes, "base"> & { base: string | null }): string[] => [
  ...(base === null ? [] : [`${base}:${layout.base}:ro`]),
  ...Object.entries(declared).map(([folder, name]) => `${name}:${folder}:ro`),
];

const closed = {
  ReadonlyRootfs: true,
  IpcMode: "private",
  CapDrop: ["ALL"],
  SecurityOpt: ["no-new-privileges", `seccomp=${seccompProfile}`],
  LogConfig: { Type: "none", Config: {} },
} satisfies ContainerCreateOptions["HostConfig"];

/** `cat` into a volume: the page cache counts against the limit but is given back. */
const small = { Memory: 64 * mb, MemorySwap: 64 * mb, PidsLimit: 32 };

/** Nothing that the image declares runs before our command or beside it. */
const alone = { Entrypoint: [] as string[], Healthcheck: { Test: ["NONE"] } };

/** Root inside, because the driver must be another user than its commands. */
const piped = (command: string[]) => ({
  ...alone,
  User: "0:0",
  Cmd: command,
  Tty: false,
  OpenStdin: true,
  StdinOnce: true,
  AttachStdin: true,
  AttachStdout: true,
  AttachStderr: true,
});

const tmpfs = (sizeMb: number, exec: "exec" | "noexec", mode: string, inodes: number): string =>
  `rw,${exec},nosuid,nodev,size=${sizeMb}m,nr_inodes=${inodes},mode=${mode}`;

/** Everything in memory file systems counts as the container's memory, so it comes on top of the commands' share. */
const memoryBytes = (limits: SandboxLimits): number =>
  (limits.memoryMb +
    limits.treeMb +
    sizesMb.temporary +
    sizesMb.out +
    sizesMb.control +
    sizesMb.keep +
    sizesMb.shared) *
  mb;

function jobDriver({ user, base, limits }: JobContainer, store?: string): string {
  const drop = `setpriv --reuid=${user} --regid=${user} --clear-groups`;
  const variables = Object.entries(commandEnvironment).map(([name, value]) => `${name}=${shellQuote(value)}`);
  return driverScript({
    tools: ["setpriv"],
    unpack: `${fastTar} ${drop} tar -x -f ${layout.base}/${base} -C ${layout.tree} --no-same-owner`,
    asUser: `${drop} "$@"`,
    run: `unset HOSTNAME PWD OLDPWD SHLVL; export ${variables.join(" ")}; exec timeout -s KILL "$1" ${drop} sh "$2"`,
    outputBytes: limits.outputBytes,
    ...(store === undefined ? {} : { store }),
  });
}
