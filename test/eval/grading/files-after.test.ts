import { expect, test } from "vitest";
import { filesAfter } from "../../../src/eval/grading/files-after.ts";

const files = new Map([
  ["a.py", "a = 1\n"],
  ["old.py", "x = 1\ny = 2\n"],
]);
const read = (path: string) => {
  const text = files.get(path);
  return Promise.resolve(text === undefined ? { missing: "unknown-file" as const } : { text });
};
const after = (...lines: readonly string[]) => filesAfter(`${lines.join("\n")}\n`, read);
const tree = (path: string, content: string | null) => ({ place: "tree", path, content });

test("writes what is changed and new, and takes away what is deleted or renamed", async () => {
  expect(
    await after(
      "diff --git a/a.py b/a.py",
      "deleted file mode 100644",
      "--- a/a.py",
      "+++ /dev/null",
      "@@ -1 +0,0 @@",
      "-a = 1",
      "diff --git a/old.py b/new.py",
      "similarity index 50%",
      "rename from old.py",
      "rename to new.py",
      "--- a/old.py",
      "+++ b/new.py",
      "@@ -1,2 +1,2 @@",
      " x = 1",
      "-y = 2",
      "+y = 3",
      "diff --git a/empty.py b/empty.py",
      "new file mode 100644",
      "index 0000000..e69de29",
    ),
  ).toEqual([
    tree("a.py", null),
    tree("old.py", null),
    tree("new.py", "x = 1\ny = 3\n"),
    tree("empty.py", ""),
  ]);
});

test("keeps the source of a copy, and leaves modes alone", async () => {
  const copy = ["diff --git a/a.py b/b.py", "similarity index 100%", "copy from a.py", "copy to b.py"];
  const mode = ["diff --git a/old.py b/old.py", "old mode 100644", "new mode 100755"];

  expect(await after(...copy, ...mode)).toEqual([tree("b.py", "a = 1\n")]);
});

test.each([
  ["whose blank context line lost its blank", "@@ -1,3 +1,3 @@"],
  ["whose header counts other lines", "@@ -1,7 +1,9 @@"],
])("reads a hunk %s, as the cases' own runner does", async (_, header) => {
  const blank = new Map([["b.py", "b = 1\n\nc = 1\n"]]);
  const patch = ["--- a/b.py", "+++ b/b.py", header, "-b = 1", "+b = 2", "", " c = 1", ""].join("\n");

  expect(await filesAfter(patch, (path) => Promise.resolve({ text: blank.get(path) ?? "" }))).toEqual([
    tree("b.py", "b = 2\n\nc = 1\n"),
  ]);
});

test.each([
  ["prose", ["Use plus instead."]],
  ["a change of what is not there", ["--- a/no.py", "+++ b/no.py", "@@ -1 +1 @@", "-a = 1", "+a = 2"]],
  ["a change of other text", ["--- a/a.py", "+++ b/a.py", "@@ -1 +1 @@", "-b = 1", "+b = 2"]],
  ["bytes", ["diff --git a/a.png b/a.png", "Binary files a/a.png and b/a.png differ"]],
])("is nothing for %s", async (_, lines) => {
  expect(await after(...lines)).toBeNull();
});
