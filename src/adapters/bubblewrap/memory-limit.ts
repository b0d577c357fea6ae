import type { SandboxLimits } from "../../ports/sandbox.ts";

/** What keeps all processes of one job together within their limits. */
export type JobMemory = {
  /** Shell that the sandbox's first process runs before it becomes bwrap; empty for none. */
  readonly enter: string;
  /** Arguments of the outer wall that show the driver how many processes the kernel killed for memory. */
  readonly killCount: readonly string[];
  /** Begins to look at the sandbox whose first process is `root`. */
  watch(root: number, onAbove: OnAbove): void;
  /** Whether the kernel killed something for memory; false where the kernel is not asked to. */
  killed(): Promise<boolean>;
  /** Called when every process is dead; never throws. */
  release(): Promise<void>;
};

/**
 * The command in flight was killed for its memory; when that was not enough, the whole sandbox has to be. `because`: it
 * took more than its own limit, or the host ran out and it was the largest.
 */
export type OnAbove = (killed: "command" | "sandbox", because: "limit" | "host") => void;

export type MemoryLimiter = {
  /** For people: what limits memory here. */
  readonly detail: string;
  job(limits: SandboxLimits, folderBytes: number): Promise<JobMemory>;
  /** Ends and removes what crashed predecessors left; returns how many. */
  reap(): Promise<number>;
};
