import { expect, test } from "vitest";
import { engineError, engineLost, isOutage } from "../../../src/adapters/docker/engine-errors.ts";
import { RepairError } from "../../../src/domain/errors.ts";

const thrown = (code: string, syscall = "connect") =>
  Object.assign(new Error(`${syscall} ${code} /etc/passwd/x`), { code, syscall });
const answered = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${message}`), { statusCode });

test.each(["ENOENT", "ENOTDIR", "ECONNREFUSED", "EACCES"])(
  "a connection that ends with %s means that no engine answers",
  (code) => {
    expect(engineError(thrown(code), "listing").code).toBe("sandbox-unavailable");
  },
);

test("a file that is missing on this host is a failure of the sandbox, not an engine that is away", () => {
  expect(engineError(thrown("ENOENT", "open"), "listing").code).toBe("sandbox-failed");
});

test.each([
  ["an engine that is not there", thrown("ENOENT")],
  ["an engine that refuses connections", thrown("ECONNREFUSED")],
  ["a connection that was reset", thrown("ECONNRESET", "read")],
  ["a connection that hung up", Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })],
  ["a connection that closed while it was written to", thrown("EPIPE", "write")],
  ["a connection that took too long", thrown("ETIMEDOUT")],
  ["our own deadline", new RepairError("sandbox-unavailable", "no answer within 120 s")],
  ["everything of ours dead", engineLost("all containers ended")],
  ["a proxy without an engine behind it", answered(502, "Bad Gateway")],
  ["an engine that starts", answered(503, "service unavailable")],
  ["an engine that stops", answered(500, "daemon is shutting down")],
  [
    "an engine whose runtime restarts",
    answered(500, "dial unix /run/containerd/containerd.sock: connect: connection refused: unavailable"),
  ],
])("waits for the engine after %s, and for a run it is an engine that is away", (_, error) => {
  expect(isOutage(error)).toBe(true);
  expect(engineError(error, "looking for an image").code).toBe("sandbox-unavailable");
});

test.each([
  ["a mistake of our own", new TypeError("Cannot read properties of undefined (reading 'Running')")],
  ["a file that is missing on this host", thrown("ENOENT", "open")],
  ["a folder of this host that cannot be read", thrown("EACCES", "open")],
  ["an engine that may not be used", thrown("EACCES")],
  ["a refusal", answered(409, "container is not running")],
  ["a failure of the engine's own", answered(500, "no space left on device")],
  ["a failure that is known already", new RepairError("sandbox-failed", "exit 1")],
  ["a cancelled call", new DOMException("The operation was aborted", "AbortError")],
  ["something else", "connect ECONNREFUSED"],
])("waits for nothing after %s", (_, error) => {
  expect(isOutage(error)).toBe(false);
});
