import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { applyScript, driverScript } from "../../src/driver/driver-script.ts";

const script = driverScript({ tools: [], unpack: "true", asUser: '"$@"', run: 'sh "$2"', outputBytes: 1000 });

test.each([
  ["driver", script],
  ["file script", applyScript],
])("is a shell program that parses: %s", (_, text) => {
  expect(spawnSync("sh", ["-n", "-c", text], { encoding: "utf8" }).stderr).toBe("");
});

test("signals nothing outside of a process name space of its own", () => {
  // this test's own shell has a large process id, so the driver must end before its first kill
  const line = script.slice(0, script.indexOf("umask"));

  const outside = spawnSync("sh", ["-c", `${line}\necho survived`], { encoding: "utf8" });

  expect(process.pid < 50 ? 9 : outside.status).toBe(9);
  expect(outside.stdout).toBe("");
});
