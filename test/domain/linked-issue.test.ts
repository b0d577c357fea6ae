import { expect, test } from "vitest";
import { linkedIssue } from "../../src/domain/linked-issue.ts";

test.each([
  ["Fixes #12", 12],
  ["This closes: #3 and fixes #4", 3],
  ["refs #7.", 7],
  ["Resolved #9", 9],
])("%j names an issue", (text, number) => {
  expect(linkedIssue(text)).toBe(number);
});

test.each([
  "see #12",
  "fixes acme/rates#12",
  "prefixes #12",
  "fixes #0",
  "fixes #1234567890",
  "<!-- fixes #12 -->",
  "<!-- fixes #12",
])("%j names none", (text) => {
  expect(linkedIssue(text)).toBeNull();
});

test("a text that goes on for ever is read quickly", () => {
  expect(linkedIssue("fixes \t".repeat(100_000))).toBeNull();
});
