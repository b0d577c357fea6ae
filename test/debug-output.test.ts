import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** Whether simple-git prints what it runs once `entry` is loaded: git's environment holds the token of GitHub. */
function printsGit(entry: string): string | undefined {
  const script = `await import("./src/${entry}").catch(() => null);
    const debug = await import("debug");
    console.log(debug.default.enabled("simple-git"));`;
  const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], DEBUG: "*" },
  });
  return stdout.trim().split("\n").at(-1);
}

test.each(["main.ts", "cli.ts"])(
  "%s lets no library print what it handles, whatever DEBUG says",
  (entry) => {
    expect(printsGit(entry)).toBe("false");
  },
  60_000,
);
