import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const program = fileURLToPath(new URL("../../fixtures/busy-process.ts", import.meta.url));

function busy(rounds: number, milliseconds: number) {
  const { signal, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", program, String(rounds), String(milliseconds)],
    { encoding: "utf8", timeout: 60_000 },
  );
  return { signal, stdout, stderr };
}

describe("watchForStalls", () => {
  test("ends a process whose event loop turns no more, with a word on why", () => {
    expect(busy(1, 50_000)).toEqual({
      signal: "SIGKILL",
      stdout: "",
      stderr: expect.stringMatching(/^copatcher ends itself: it has been busy with one thing for 4 s /),
    });
  }, 90_000);

  test("leaves one alone that is busy, but turns", () => {
    expect(busy(4, 700)).toEqual({ signal: null, stdout: "done", stderr: "" });
  }, 90_000);
});
