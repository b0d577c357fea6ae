import { RepairError } from "../domain/errors.ts";
import type { SandboxRequest } from "../ports/sandbox.ts";

const page = 4096;

/** Throws RepairError `repository-too-large` when the unpacked tree cannot fit into its size limit. */
export function assertTreeFits({ tree, limits }: SandboxRequest): void {
  const needed = Math.ceil((tree.bytes + tree.files * page) / 2 ** 20);
  if (needed < limits.treeMb) return;
  throw new RepairError(
    "repository-too-large",
    `The tree at ${tree.sha} needs about ${needed} MB, and the sandbox has ${limits.treeMb} MB for it.`,
  );
}

/** Inodes of the tree's file system: what the tree has, and room for what builds and tests create. */
export const treeInodes = (files: number): number => files * 3 + 50_000;
