import { mkdir } from "node:fs/promises";
import { request } from "node:http";
import { devNull } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { asFolderFault } from "../../src/driver/folder-fault.ts";

test("a folder that cannot be made is the store's fault", async () => {
  const error: unknown = await mkdir(join(devNull, "logs"), { recursive: true }).catch(
    (thrown: unknown) => thrown,
  );

  expect(asFolderFault(error, "the log folder")).toMatchObject({
    code: "store-unavailable",
    message: expect.stringMatching(/^the log folder cannot be used: E/),
  });
});

test("an engine that is not there is not", async () => {
  const error: unknown = await new Promise((resolve) => {
    request({ socketPath: join(devNull, "engine.sock") })
      .once("error", resolve)
      .end();
  });

  expect(error).toBeInstanceOf(Error);
  expect(asFolderFault(error, "the log folder")).toBe(error);
});
