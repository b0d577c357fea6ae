import { expect, test } from "vitest";
import { engineError } from "../../../src/adapters/docker/engine-errors.ts";

const thrown = (code: string) => Object.assign(new Error(`connect ${code} /etc/passwd/x`), { code });

test.each(["ENOENT", "ENOTDIR", "ECONNREFUSED", "EACCES"])(
  "a connection that ends with %s means that no engine answers",
  (code) => {
    expect(engineError(thrown(code), "listing").code).toBe("sandbox-unavailable");
  },
);

test("a connection that breaks means that the engine failed", () => {
  expect(engineError(thrown("ECONNRESET"), "listing").code).toBe("sandbox-failed");
});
