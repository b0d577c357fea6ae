import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FileChange } from "../../src/domain/edit.ts";
import { changedLines, patchSize, unifiedDiff } from "../../src/domain/patch.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "copatcher-patch-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
/** Applies the diff with git to a folder that holds the files as before; gives what git left. */
function gitApply(changes: readonly FileChange[]): readonly (string | null)[] {
  const directory = join(folder, String(count++));
  mkdirSync(directory);
  for (const { path, before } of changes) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    if (before !== null) writeFileSync(join(directory, path), before);
  }
  execFileSync("git", ["apply", "--whitespace=nowarn", "-"], {
    cwd: directory,
    input: unifiedDiff(changes),
    stdio: ["pipe", "ignore", "pipe"],
    env: {
      PATH: process.env["PATH"],
      GIT_CEILING_DIRECTORIES: folder,
      GIT_CONFIG_NOSYSTEM: "1",
      HOME: folder,
    },
  });
  const left = changes.map(({ path }) =>
    existsSync(join(directory, path)) ? readFileSync(join(directory, path), "utf8") : null,
  );
  rmSync(directory, { recursive: true });
  return left;
}

describe("git applies the diff of", () => {
  const line = fc.constantFrom(
    "a",
    "b",
    "  c",
    "",
    "\t",
    "-x",
    "+y",
    "\\ No newline",
    "\u2028",
    "é",
    "\f",
    "@@ -1 +1 @@",
  );
  const end = fc.constantFrom("\n", "\n", "\n", "\r\n", "\r", "");
  const content = fc.array(fc.tuple(line, end), { maxLength: 14 }).map((lines) => lines.flat().join(""));

  test("any two contents, with CRLF, lone CR, odd lines and no newline at the end", () => {
    const nullable = fc.option(content);
    fc.assert(
      fc.property(nullable, nullable, (before, after) => {
        fc.pre(before !== after);
        expect(gitApply([{ path: "dir/file.txt", before, after }])).toEqual([after]);
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    "a b.txt",
    "ends with space ",
    "tab\there",
    'quo"te',
    "new\nline",
    "über/ñ.py",
    "back\\slash",
    "-dash",
    "'s'",
  ])("a file named %j, changed, new and deleted", (path) => {
    expect(gitApply([{ path, before: "1\n", after: "2\n" }])).toEqual(["2\n"]);
    expect(gitApply([{ path, before: null, after: "2\n" }])).toEqual(["2\n"]);
    expect(gitApply([{ path, before: "1\n", after: null }])).toEqual([null]);
  });

  test("empty files that appear and go", () => {
    expect(
      gitApply([
        { path: "x", before: null, after: "" },
        { path: "y", before: "", after: null },
      ]),
    ).toEqual(["", null]);
  });

  test("several files at once", () => {
    const changes = [
      { path: "a", before: "1\n2\n3\n", after: "1\nx\n3\n" },
      { path: "b/c", before: null, after: "new" },
      { path: "d", before: "same\n", after: "same\n" },
    ];

    expect(gitApply(changes)).toEqual(["1\nx\n3\n", "new", "same\n"]);
  });

  test("a rewrite too large for a minimal diff, quickly", () => {
    const lines = (mark: string) => Array.from({ length: 8000 }, (_, i) => `${mark}${i}`).join("\n");
    const change = {
      path: "big",
      before: `head\n${lines("a")}\ntail\n`,
      after: `head\n${lines("b")}\ntail\n`,
    };
    const started = process.cpuUsage();

    expect(gitApply([change])).toEqual([change.after]);

    expect(process.cpuUsage(started).user).toBeLessThan(5000_000);
  });
});

test("a diff reads as git writes it", () => {
  const change = { path: "src/a.py", before: "1\n2\n3\n4\n5\n", after: "1\n2\n3\nx\n5" };

  expect(unifiedDiff([change])).toBe(
    [
      "diff --git a/src/a.py b/src/a.py",
      "--- a/src/a.py",
      "+++ b/src/a.py",
      "@@ -1,5 +1,5 @@",
      " 1",
      " 2",
      " 3",
      "-4",
      "-5",
      "+x",
      "+5",
      "\\ No newline at end of file",
      "",
    ].join("\n"),
  );
});

test("size counts added and removed lines, not context or git's remarks", () => {
  const change = { path: "a", before: "1\n2\n3\n", after: "1\nx\ny\n3" };

  expect(changedLines(change)).toEqual({ added: 3, removed: 2 });
  expect(patchSize([change, { path: "b", before: null, after: "1\n2\n" }])).toBe(7);
});
