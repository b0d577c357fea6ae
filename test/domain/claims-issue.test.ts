import { expect, test } from "vitest";
import { claimsIssue } from "../../src/domain/claims-issue.ts";

const issue = { repo: { owner: "acme", name: "rates" }, number: 12 };

test.each(["Fixes #12", "fix: closes #12.", "Resolved #12, see #3", "Refs: #12", "fixes Acme/Rates#12"])(
  "%j is about the issue",
  (text) => {
    expect(claimsIssue(text, issue)).toBe(true);
  },
);

test.each(["Fixes #123", "see #12", "fixes other/rates#12", "prefixes #12", "fixes\n#12", "#12", ""])(
  "%j is not",
  (text) => {
    expect(claimsIssue(text, issue)).toBe(false);
  },
);
