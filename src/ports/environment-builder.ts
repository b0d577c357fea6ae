import type { EnvironmentPlan } from "../domain/environment.ts";
import type { TreeArchive } from "./workspace.ts";

export type EnvironmentRequest = {
  /** Names the run in labels and logs. */
  readonly label: string;
  readonly plan: EnvironmentPlan;
  /** Whose environment it is, in any words: what the steps leave serves no other. */
  readonly scope: string;
  /** The base commit's tree. */
  readonly tree: TreeArchive;
  readonly limits: { readonly memoryMb: number; readonly stepMinutes: number };
  /** Output of the steps as it comes, in pieces of any size. */
  readonly log: (text: string) => void;
};

/** A file of a candidate that changes what the steps install; null content deletes. */
export type BuildFile = { readonly path: string; readonly content: string | null };

export type BuiltEnvironment = {
  /** For `SandboxRequest.environment`; null when there was nothing to build and the default serves. */
  readonly reference: string | null;
  /** Hash of all that the environment depends on. */
  readonly key: string;
  readonly cached: boolean;
  readonly seconds: number;
  /** File on this host with the whole output of the steps, null when there was none. */
  readonly logFile: string | null;
};

/** Builds what a sandbox's commands run in, once per scope and dependency state. */
export interface EnvironmentBuilder {
  /**
   * The environment of a plan, from the cache when all that it depends on is unchanged. Builds of the same key wait for
   * the first one. Throws RepairError `environment-failed` with a BuildFailure as its data (the failing step, its exit
   * status, its last lines and the log file), `sandbox-image-missing`, `sandbox-unavailable` or
   * `cancelled`; a failed build is never cached.
   */
  build(request: EnvironmentRequest, signal: AbortSignal): Promise<BuiltEnvironment>;
  /**
   * A layer over `base` in which the plan's steps ran again with a candidate's files and without any network, since
   * candidates never get one. Not kept: the caller discards it. Throws like `build`.
   */
  layer(
    base: BuiltEnvironment,
    request: EnvironmentRequest,
    files: readonly BuildFile[],
    signal: AbortSignal,
  ): Promise<BuiltEnvironment>;
  /** Removes a layer; never throws. */
  discard(layer: BuiltEnvironment): Promise<void>;
}
