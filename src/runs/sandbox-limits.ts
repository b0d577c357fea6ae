import type { SandboxLimits } from "../ports/sandbox.ts";
import type { TreeArchive } from "../ports/workspace.ts";

const mb = 2 ** 20;

/** Limits of one run (sandbox.md, section 3): the tree may double and grow by 128 MB; sandboxes add it to the memory. */
export function sandboxLimits(tree: TreeArchive, memoryMb: number): SandboxLimits {
  const treeMb = Math.ceil((2 * tree.bytes) / mb) + 128;
  return { memoryMb, processes: 256, outputBytes: 128 * 1024, treeMb };
}
