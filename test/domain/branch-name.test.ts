import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { refuseBranchName, slugOf } from "../../src/domain/branch-name.ts";

test.each([
  ["Rates are wrong for zero weight", "rates-are-wrong-for-zero-weight"],
  ["  `rm -rf /`; $(x) ../../etc\n", "rm-rf-x-etc"],
  ["Größe 中文", "gr-e"],
  ["中文", ""],
  ["word ".repeat(20), "word-word-word-word-word-word-word-word"],
])("the slug of %j is %j", (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});

test.each(["copatcher/issue-1", "fix/1-a.b_c", "A/B/c9"])("git takes %j, and so do we", (name) => {
  expect(refuseBranchName(name)).toBeNull();
  expect(execFileSync("git", ["check-ref-format", "--branch", name], { encoding: "utf8" }).trim()).toBe(name);
});

test.each([
  "",
  "/a",
  "a/",
  "a//b",
  "-a",
  "a/-b",
  ".a",
  "a/.b",
  "a.",
  "a.lock",
  "a.lock/b",
  "a..b",
  "a b",
  "a~1",
  "a^",
  "a:b",
  "a?*[",
  "a\\b",
  "a@{1}",
  "@",
  "a\n",
  "ü",
  "refs/heads/main",
  "HEAD",
  "a".repeat(40),
  "b".repeat(201),
])("%j is refused", (name) => {
  expect(refuseBranchName(name)).not.toBeNull();
});
