import { expect, test } from "vitest";
import { firstCompileError } from "../../../src/languages/java/compile-error.ts";

test.each([
  ["/sbx/repo/src/A.java:12: error: ';' expected\n", { file: "A.java", line: 12, message: "';' expected" }],
  ["A.java:1: error: x", { file: "A.java", line: 1, message: "x" }],
  [
    "[ERROR] COMPILATION ERROR :\r\n[ERROR] /a/A.java:[3,7] cannot find symbol\r\n",
    { file: "A.java", line: 3, message: "cannot find symbol" },
  ],
  ["a.java:x/B.java:2: error: y", { file: "B.java", line: 2, message: "y" }],
  [
    "B.java:1: error: first\n[ERROR] A.java:[1,1] Maven's own form\n",
    { file: "A.java", line: 1, message: "Maven's own form" },
  ],
  [`A.java:1: error: ${"x".repeat(300)}`, { file: "A.java", line: 1, message: "x".repeat(200) }],
])("finds the first error of %j", (printed, error) => {
  expect(firstCompileError(printed)).toEqual(error);
});

test.each([
  "",
  "a word A.java:1: error: x",
  "dir/.java:1: error: x",
  "A.java:1: warning: x",
  "A.java:1: error: ",
  "[ERROR] A.java:[x,1] y",
  " at A.java:1: error: x",
])("finds none in %j", (printed) => {
  expect(firstCompileError(printed)).toBeNull();
});
