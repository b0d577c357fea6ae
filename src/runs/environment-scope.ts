import { canonicalJson } from "../domain/canonical-json.ts";
import type { RepoSource } from "../ports/workspace.ts";

/** Who may write the commit that a run is based on. */
export type RunOrigin = {
  readonly installation: number;
  /** The branch that the commit is on: others than the default branch are often open to more people. */
  readonly branch: string;
};

/**
 * Whose an environment is (`EnvironmentRequest.scope`). Of a folder on this machine: the folder's, whatever commit of it is
 * asked for, since who works there decides about all of them.
 */
export function environmentScope(source: RepoSource, origin: RunOrigin | null): string {
  const repository = source.kind === "local" ? source.directory : source.url.toLowerCase();
  return canonicalJson({ repository, origin });
}
