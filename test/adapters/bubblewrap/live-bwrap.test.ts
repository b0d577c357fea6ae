import { expect, test } from "vitest";
import { startBwrap } from "../../../src/adapters/bubblewrap/live-bwrap.ts";

const filters = { driver: Buffer.alloc(0), commands: Buffer.alloc(0) };

/** Starts a program in place of bwrap; `released` tells how often its memory limit was given back. */
async function startProgram(program: string, base = "/dev/null") {
  let released = 0;
  const memory = {
    enter: "",
    killCount: [],
    watch: () => undefined,
    killed: () => Promise.resolve(false),
    release: () => {
      released += 1;
      return Promise.resolve();
    },
  };
  const start = { command: [program], memory, base, filters, warmed: null };
  const error: unknown = await startBwrap(start, new AbortController().signal).catch(
    (reason: unknown) => reason,
  );
  return { error, released };
}

test.each([
  ["cannot be found", "no-such-program", "/dev/null"],
  ["ends at once", "false", "/dev/null"],
  ["has no base tree to read", "false", "/no/such/tree"],
])("a sandbox whose program %s has failed, and keeps no memory limit", async (_what, program, base) => {
  const { error, released } = await startProgram(program, base);

  expect(error).toMatchObject({ code: "sandbox-failed" });
  expect(released).toBe(1);
});
