import { RepairError } from "../../domain/errors.ts";
import type { RepoSource } from "../../ports/workspace.ts";

/** What git says and what it means; the first that fits counts. Outages of the server are told apart: they pass. */
const explanations: ReadonlyArray<readonly [RegExp, string, "passes"?]> = [
  [
    /authentication failed|could not read (username|password)|returned error: (401|403)/i,
    "access was refused",
  ],
  [/repository .*not found|returned error: 404|does not exist/i, "there is no such repository"],
  [/no space left on device|disk quota exceeded/i, "the disk of its mirror is full"],
  [/not (appear to be )?a git repository/i, "it is not a git repository"],
  [
    /could not resolve (host|proxy)|failed to connect|connection (refused|reset|timed out)|timed out/i,
    "the server cannot be reached",
    "passes",
  ],
  [/returned error: (408|429|5\d\d)/i, "the server is busy or broken", "passes"],
  [
    /early EOF|empty reply|too slow|transfer closed|unexpected disconnect|bytes of body are still expected|RPC failed; curl (16|18|52|55|56|92)\b/i,
    "the server broke off",
    "passes",
  ],
  [/returned error: 3\d\d/i, "the server redirects to another address; use that one"],
  [/unable to read|corrupt|bad object|missing blob/i, "objects are missing from it"],
  [/transport .* not allowed/i, "this transport is not allowed"],
];

/** The source as people know it, without anything secret. */
export const sourceName = (source: RepoSource): string =>
  source.kind === "local" ? source.directory : `${source.repo.owner}/${source.repo.name}`;

/**
 * Any failure of git as a RepairError: `forge-unavailable` while a remote source's server is away, else mostly
 * `repository-unreadable`. Git's own words go to the log data, cleaned of `secret`:
 * a server's text must not reach people through an error message.
 */
export function gitError(
  source: RepoSource,
  error: unknown,
  signal: AbortSignal,
  secret: string | null,
): RepairError {
  if (error instanceof RepairError) return error;
  if (signal.aborted) return new RepairError("cancelled", "the checkout was cancelled");
  const ownFault = folderFault(error);
  if (ownFault !== null) return ownFault;
  const raw = error instanceof Error ? error.message : String(error);
  const text = secret === null || secret === "" ? raw : raw.replaceAll(secret, "***");
  const known = explanations.find(([pattern]) => pattern.test(text));
  const reason = known?.[1] ?? "git failed on it";
  const away = source.kind === "remote" && known?.[2] === "passes";
  const code = away ? "forge-unavailable" : "repository-unreadable";
  return new RepairError(code, `${sourceName(source)} cannot be read: ${reason}`, {
    data: { git: text.slice(-2000) },
  });
}

/** Node's own file errors come from the mirror's folder, never from the source. */
function folderFault(error: unknown): RepairError | null {
  if (!(error instanceof Error) || !("syscall" in error) || !("path" in error)) return null;
  if (String(error.syscall).startsWith("spawn")) return null;
  return new RepairError("store-unavailable", `the mirror's folder cannot be used: ${error.message}`, {
    cause: error,
  });
}
