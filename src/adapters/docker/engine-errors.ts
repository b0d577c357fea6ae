import { RepairError } from "../../domain/errors.ts";

const statusOf = (error: unknown): number | null =>
  error instanceof Error && "statusCode" in error && typeof error.statusCode === "number"
    ? error.statusCode
    : null;

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

/** The engine says that the thing does not exist (any more). */
export const isMissing = (error: unknown): boolean => statusOf(error) === 404;

/** Someone else removes it already. */
export const isBeingRemoved = (error: unknown): boolean => statusOf(error) === 409;

/** The engine itself answered, and refused. */
export const isRefusal = (error: unknown): boolean => statusOf(error) !== null;

const noEngine = new Set([
  "ENOENT",
  "ENOTDIR",
  "ECONNREFUSED",
  "EACCES",
  "EPERM",
  "ENOTFOUND",
  "EHOSTUNREACH",
  "ETIMEDOUT",
]);

/** What an engine call threw, as RepairError `sandbox-unavailable` (nobody answers) or `sandbox-failed`. */
export function engineError(error: unknown, doing: string): RepairError {
  if (error instanceof RepairError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  if (statusOf(error) === null && noEngine.has(codeOf(error))) {
    return new RepairError("sandbox-unavailable", `No Docker engine answers (${detail}).`, { cause: error });
  }
  return new RepairError("sandbox-failed", `The Docker engine failed while ${doing}: ${detail}`, {
    cause: error,
  });
}

/** The engine, not the container, went away in the middle of something: a cut connection, or everything of ours dead. */
export const engineLost = (detail: string): RepairError =>
  new RepairError("sandbox-unavailable", `The Docker engine went away: ${detail}.`);

/** Waiting for the engine to come back can help, because it did not answer at all. */
export const isOutage = (error: unknown): boolean =>
  error instanceof RepairError ? error.code === "sandbox-unavailable" : !isRefusal(error);
