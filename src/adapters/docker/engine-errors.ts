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

/** Calls to an engine fail with these; the same codes of a file operation are about a file. */
const isConnecting = (error: unknown): boolean =>
  error instanceof Error &&
  "syscall" in error &&
  (error.syscall === "connect" || error.syscall === "getaddrinfo");

/** What an engine call threw, as RepairError `sandbox-unavailable` (nobody answers) or `sandbox-failed`. */
export function engineError(error: unknown, doing: string): RepairError {
  if (error instanceof RepairError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  if (statusOf(error) === null && noEngine.has(codeOf(error)) && isConnecting(error)) {
    return new RepairError("sandbox-unavailable", `No Docker engine answers (${detail}).`, { cause: error });
  }
  if (isOutage(error)) {
    const message = `The Docker engine went away while ${doing}: ${detail}`;
    return new RepairError("sandbox-unavailable", message, { cause: error });
  }
  return new RepairError("sandbox-failed", `The Docker engine failed while ${doing}: ${detail}`, {
    cause: error,
  });
}

/** The engine, not the container, went away in the middle of something: a cut connection, or everything of ours dead. */
export const engineLost = (detail: string): RepairError =>
  new RepairError("sandbox-unavailable", `The Docker engine went away: ${detail}.`);

const cutConnection = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT"]);
const noConnection = new Set(["ECONNREFUSED", "ENOENT", "EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN"]);

/** What an engine says that stops, starts, or has lost its own runtime; and what stands before one says. */
const goingAway =
  /shutting down|is starting|transport is closing|client connection is closing|connection refused|cannot connect to the docker daemon/i;

/** Waiting for the engine to come back can help: it did not answer, the connection was cut, or it says so itself. */
export function isOutage(error: unknown): boolean {
  if (error instanceof RepairError) return error.code === "sandbox-unavailable";
  if (!(error instanceof Error)) return false;
  const status = statusOf(error);
  if (status !== null)
    return (status > 501 && status < 505) || (status === 500 && goingAway.test(error.message));
  if (error.message === "socket hang up") return true;
  const code = codeOf(error);
  return cutConnection.has(code) || (noConnection.has(code) && isConnecting(error));
}
