import type { ErrorCode } from "../domain/error-catalogue.ts";
import type { ExecutionOutcome } from "../domain/execution.ts";
import type { EnvironmentBuilder } from "./environment-builder.ts";
import type { TreeArchive } from "./workspace.ts";

export type SandboxLimits = {
  readonly memoryMb: number;
  readonly processes: number;
  /** Kept per stream, half from its head and half from its tail. */
  readonly outputBytes: number;
  /** Size of the writable copy of the tree. */
  readonly treeMb: number;
};

export type SandboxRequest = {
  /** Names the run in labels and logs. */
  readonly label: string;
  /** What commands run in: a reference that this sandbox's builder gave, or an image; null means the default. */
  readonly environment: string | null;
  readonly tree: TreeArchive;
  /**
   * Shell that runs once on the unpacked base tree, whose result every later job finds in its copy (compiled bytecode);
   * null for none. Jobs do not wait for it, and its failure changes nothing but their speed.
   */
  readonly warmUp: string | null;
  readonly limits: SandboxLimits;
};

/**
 * A file laid over the fresh tree. `tree` paths are relative to the repository's root (null content deletes);
 * `aside` files lie outside the tree in the folder `$COPATCHER_ASIDE` and cannot be changed by commands.
 */
export type SandboxFile = {
  readonly place: "tree" | "aside";
  readonly path: string;
  readonly content: string | null;
};

/** A POSIX shell script run from the tree's root; `report` names a file in `$COPATCHER_OUT` to bring back. */
export type SandboxCommand = {
  readonly script: string;
  readonly timeoutMs: number;
  readonly report: string | null;
  /** Standard input, empty when left out. It comes through a pipe and lies where commands cannot read it. */
  readonly input?: string;
};

export type SandboxJob = {
  readonly label: string;
  /** Another environment than the session's, for a candidate that changes what is installed. */
  readonly environment?: string;
  readonly files: readonly SandboxFile[];
  /** Run one after another in the same fresh copy; everything a command started is dead when the next begins. */
  readonly commands: readonly SandboxCommand[];
  /**
   * Which of its session's waiting jobs goes when a place becomes free: the one with the greatest number, asked for then,
   * the first of equals. Left out: before all that say one.
   */
  readonly turn?: () => number;
  /**
   * Until it aborts nobody needs the job yet: for a job that is needed, of another session or of a greater turn, it waits, or
   * is ended and begun again later.
   */
  readonly spareUntil?: AbortSignal;
};

/** Everything about one run's base tree; each job gets a fresh copy that nothing else can see. */
export interface SandboxSession {
  /** Content hash of the image that commands run in; left out where there is none. */
  readonly image?: string;
  /**
   * One outcome per command, in order. Throws RepairError `sandbox-failed` when the machinery broke,
   * `cancelled` when `signal` aborted; whatever the commands do is an outcome, never an error.
   */
  run(job: SandboxJob, signal: AbortSignal): Promise<readonly ExecutionOutcome[]>;
  /** Removes what the session holds (volumes, containers, folders). */
  close(): Promise<void>;
}

export type SandboxCheck = {
  readonly ok: boolean;
  readonly detail: string;
  /** What kind of trouble, where it is known. */
  readonly code?: ErrorCode;
};

export interface Sandbox {
  readonly kind: "docker" | "bubblewrap" | "process";
  /** One sentence for evidence and screens: what isolates, and what does not. */
  readonly description: string;
  /** Makes the environments that `open` takes; null when this sandbox has none but its default. */
  readonly environments: EnvironmentBuilder | null;
  /** Whether it can run at all, and whether `image` (null: the default) is there. */
  check(image: string | null): Promise<SandboxCheck>;
  /** Throws RepairError `sandbox-unavailable`, `sandbox-image-missing` or `repository-too-large` (for its limits). */
  open(request: SandboxRequest, signal: AbortSignal): Promise<SandboxSession>;
  /** Removes what crashed predecessors of this installation left; returns how many things. */
  reap(): Promise<number>;
}
