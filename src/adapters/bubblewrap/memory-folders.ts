import { layout, sizesMb } from "../../driver/sandbox-layout.ts";
import { treeInodes } from "../../driver/tree-size.ts";

/** A memory file system inside the outer wall, as the driver's first step mounts it. */
export type MemoryFolder = {
  readonly path: string;
  readonly sizeMb: number;
  readonly inodes: number;
  readonly mode: string;
  /** Whether programs in it may be run. */
  readonly exec: boolean;
};

/** Where the outer wall keeps what commands see as /dev/shm. */
export const sharedFolder = "/sbx/shm";

export const memoryFolders = (treeMb: number, treeFiles: number): readonly MemoryFolder[] => [
  folder(layout.tree, treeMb, treeInodes(treeFiles), "0755", true),
  folder(layout.temporary, sizesMb.temporary, 50_000, "1777", true),
  folder(layout.out, sizesMb.out, 1000, "1777", false),
  folder(layout.control, sizesMb.control, 50_000, "0755", false),
  folder(layout.keep, sizesMb.keep, 1000, "0700", false),
  folder(sharedFolder, sizesMb.shared, 10_000, "1777", false),
];

const folder = (path: string, sizeMb: number, inodes: number, mode: string, exec: boolean): MemoryFolder => ({
  path,
  sizeMb,
  inodes,
  mode,
  exec,
});

/** What they may take together, in bytes. */
export const folderBytes = (folders: readonly MemoryFolder[]): number =>
  folders.reduce((sum, { sizeMb }) => sum + sizeMb, 0) * 2 ** 20;

/** Lines of an fstab: bwrap's own --tmpfs has no limit on inodes. */
export const mountTable = (folders: readonly MemoryFolder[]): string =>
  folders
    .map(({ path, sizeMb, inodes, mode, exec }) => {
      const options = `nosuid,nodev,${exec ? "exec" : "noexec"},size=${sizeMb}m,nr_inodes=${inodes},mode=${mode}`;
      return `none ${path} tmpfs ${options} 0 0\n`;
    })
    .join("");
