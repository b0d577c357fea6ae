import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** The only folder that may speak to GitHub (test/architecture.test.ts). */
const folder = "src/adapters/github";
const sources = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);

test.each([
  ["merge", /\.\s*merge\s*\(|\/merges?["'`\s]|mergePullRequest|AutoMerge|mergeBranch/],
  ["approve", /createReview\b|submitReview\b|APPROVE|addPullRequestReview\b/],
  ["close a pull request", /closePullRequest|\bpulls\s*\.\s*update\([^)]*\bstate\b/],
  ["resolve a thread", /resolveReviewThread/],
  ["overwrite a branch", /force:\s*true/],
])("there is no code that could %s", (_, pattern) => {
  expect(sources.filter(([, text]) => pattern.test(text)).map(([name]) => name)).toEqual([]);
});
