import { array, assert, constantFrom, property } from "fast-check";
import { posix } from "node:path";
import { expect, test } from "vitest";
import { isReportName, unsafePath } from "../../src/driver/tree-path.ts";

test.each(["a", "a/b.py", "-rf", "with space", "new\nline", "..a/b..", ".github/x.yml", ".gitignore", "é/ü"])(
  "accepts %j",
  (path) => {
    expect(unsafePath(path)).toBeNull();
  },
);

test.each([
  ["", "empty"],
  ["/etc/passwd", "absolute"],
  ["../x", "not plain"],
  ["a/../../x", "not plain"],
  ["a//b", "not plain"],
  ["./a", "not plain"],
  ["a/", "not plain"],
  [".git/config", ".git"],
  ["sub/.GIT", ".git"],
  [".git. ./hooks", ".git"],
  ["a\0b", "NUL"],
  ["a\ud800", "Unicode"],
  ["x".repeat(256), "255"],
])("refuses %j", (path, word) => {
  expect(unsafePath(path)).toContain(word);
});

test("never accepts a path that resolves out of the tree", () => {
  const segment = constantFrom("..", ".", "", "a", ".git", "b c", "...");

  assert(
    property(array(segment, { maxLength: 6 }), (segments) => {
      const path = segments.join("/");
      if (unsafePath(path) !== null) return;
      expect(posix.join("/tree", path)).toBe(`/tree/${path}`);
    }),
  );
});

test.each(["../x", "a/b", ".hidden", "-n", "", "a b", "$(x)"])("takes %j for no report name", (name) => {
  expect(isReportName(name)).toBe(false);
});
