import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { applyEdits } from "../../src/domain/apply-edits.ts";
import { parseEdits } from "../../src/domain/parse-edits.ts";
import { unifiedDiff } from "../../src/domain/patch.ts";
import { block, edit } from "../corpus/reply.ts";

/** What git makes of a checkout's file by the diff of a reply that edits it. */
function throughGit(path: string, before: string, reply: string): string {
  const parsed = parseEdits(reply);
  const applied = parsed.ok
    ? applyEdits(parsed.edits, (name) => (name === path ? { text: before } : null))
    : parsed;
  if (!applied.ok) throw new Error(applied.rejection.detail);
  const folder = mkdtempSync(join(tmpdir(), "copatcher-diff-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), before);
  execFileSync("git", ["apply", "--whitespace=nowarn", "-"], {
    cwd: folder,
    input: unifiedDiff(applied.changes),
    env: {
      PATH: process.env["PATH"],
      GIT_CEILING_DIRECTORIES: tmpdir(),
      GIT_CONFIG_NOSYSTEM: "1",
      HOME: folder,
    },
  });
  return readFileSync(join(folder, path), "utf8");
}

const change = edit("old", "new");

// Each of these gave a diff that git refused, or other bytes, in the released code.
test.each([
  ["near the end of a file that ends in a blank line", "pkg/a.py", "1\n2\nold\n\n", "1\n2\nnew\n\n"],
  ["near the end of a file that ends in several", "pkg/a.py", "old\n\n\n\n", "new\n\n\n\n"],
  ["in the last line, without a newline there", "pkg/a.py", "1\nold", "1\nnew"],
  ["in a file with CRLF", "pkg/a.py", "1\r\nold\r\n3\r\n", "1\r\nnew\r\n3\r\n"],
  ["in a file with both line ends", "pkg/a.py", "1\r\nold\n3\r\n4\n", "1\r\nnew\n3\r\n4\n"],
  ["beside a form feed", "pkg/a.py", "1\n\f\nold\n\fclass A:\n", "1\n\f\nnew\n\fclass A:\n"],
  [
    "beside a Unicode line separator",
    "pkg/a.py",
    "x = '\u2028'\nold\n\u0085\n",
    "x = '\u2028'\nnew\n\u0085\n",
  ],
  ["beside a lone carriage return", "pkg/a.py", "1\r2\nold\n", "1\r2\nnew\n"],
  ["in a file with a byte order mark", "pkg/a.py", "\uFEFFold\n2\n", "\uFEFFnew\n2\n"],
  ["in a file at the root", "setup.py", "1\nold\n", "1\nnew\n"],
  ["in a file whose path has a folder with a dot", "pkg.d/a b.py", "old\n", "new\n"],
])("an edit %s is a diff that git applies to exactly that", (_, path, before, after) => {
  expect(throughGit(path, before, block(path, change))).toBe(after);
});

test("a deletion and the edit behind it leave no marks in the source", () => {
  const reply = block("a.py", edit("gone", ""), change);

  expect(throughGit("a.py", "1\ngone\n2\nold\n", reply)).toBe("1\n2\nnew\n");
});
