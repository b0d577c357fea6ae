import { constants } from "node:fs";
import { access, mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Folders of the kernel's control groups below which groups for jobs may be made, and how limits are written there. */
export type GroupPlaces = {
  readonly version: 1 | 2;
  /** One folder with version 2, one for each controller with version 1; the memory controller's first. */
  readonly folders: readonly string[];
};

/** The kernel's files that say what is mounted and in which groups this process is. */
export type GroupFiles = { readonly mountInfo: string; readonly groups: string };

const controllers = ["memory", "pids"] as const;

/** Where this process may make groups that limit memory and processes, null for nowhere. */
export async function findGroupPlaces(files: GroupFiles, pid: number): Promise<GroupPlaces | null> {
  const mounts = parseMounts(files.mountInfo);
  const old = controllers.map((controller) => ownFolder(mounts, files.groups, controller));
  if (old.every((folder) => folder !== null)) {
    const usable = await Promise.all(old.map(canMakeGroups));
    return usable.every(Boolean) ? { version: 1, folders: old } : null;
  }
  const own = ownFolder(mounts, files.groups, null);
  const top = mounts.find(({ type }) => type === "cgroup2")?.path;
  if (own === null || top === undefined) return null;
  for (let folder = own; folder === top || folder.startsWith(`${top}/`); folder = dirname(folder)) {
    if (await canDivide(folder, folder === own ? pid : null)) return { version: 2, folders: [folder] };
  }
  return null;
}

type Mount = {
  readonly root: string;
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
};

const unescape = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));

function parseMounts(mountInfo: string): Mount[] {
  return mountInfo.split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [, , , root, path] = before.split(" ");
    const [type, , options = ""] = after.split(" ");
    if (root === undefined || path === undefined || type === undefined) return [];
    return [{ root: unescape(root), path: unescape(path), type, options: options.split(",") }];
  });
}

/** The folder of this process's group; null `controller` means version 2. */
function ownFolder(mounts: readonly Mount[], groups: string, controller: string | null): string | null {
  const mount = mounts.find(({ type, options }) =>
    controller === null ? type === "cgroup2" : type === "cgroup" && options.includes(controller),
  );
  if (mount === undefined) return null;
  for (const line of groups.split("\n")) {
    const [, names = "", ...rest] = line.split(":");
    if (controller === null ? names !== "" : !names.split(",").includes(controller)) continue;
    const path = rest.join(":");
    // inside a container the mount may begin at this process's own group
    const below = mount.root !== "/" && path.startsWith(mount.root) ? path.slice(mount.root.length) : path;
    return join(mount.path, below).replace(/(.)\/$/, "$1");
  }
  return null;
}

const writable = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  );

/** Tries it, since being allowed to write says too little. */
async function canMakeGroups(folder: string | null): Promise<boolean> {
  if (folder === null || !(await writable(folder))) return false;
  const probe = join(folder, `copatcher-probe-${process.pid}`);
  return mkdir(probe)
    .then(() => rmdir(probe))
    .then(
      () => true,
      () => false,
    );
}

/**
 * With version 2, groups can only be made where the controllers are handed down, and a group that hands them down
 * holds no processes itself: a bot alone in its group (a service with systemd's `Delegate=yes`) steps into one below.
 */
async function canDivide(folder: string, pid: number | null): Promise<boolean> {
  if (!(await writable(join(folder, "cgroup.procs"))) || !(await canMakeGroups(folder))) return false;
  const read = (name: string) => readFile(join(folder, name), "utf8").catch(() => "");
  const words = async (name: string) => (await read(name)).trim().split(/\s+/);
  const handsDown = async () => {
    const given = await words("cgroup.subtree_control");
    return controllers.every((controller) => given.includes(controller));
  };
  const write = (path: string, text: string) =>
    writeFile(path, text).then(
      () => true,
      () => false,
    );
  if (await handsDown()) return true;
  const has = await words("cgroup.controllers");
  if (!controllers.every((controller) => has.includes(controller))) return false;
  const wanted = controllers.map((controller) => `+${controller}`).join(" ");
  const control = join(folder, "cgroup.subtree_control");
  if ((await write(control, wanted)) && (await handsDown())) return true;
  const alone = pid !== null && (await words("cgroup.procs")).join() === String(pid);
  if (!alone) return false;
  const below = join(folder, "copatcher-bot");
  await mkdir(below).catch(() => undefined);
  if (!(await write(join(below, "cgroup.procs"), String(pid)))) return false;
  return (await write(control, wanted)) && handsDown();
}
