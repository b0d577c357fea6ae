import { expect, test } from "vitest";
import { relevance } from "../../src/github-app/events.ts";
import {
  aboutPull,
  commented,
  issueGone,
  labeled,
  remark,
  repositoriesRemoved,
  repositoryGone,
  review,
  uninstalled,
} from "./payloads.ts";

const bot = { login: "x[bot]", type: "Bot" };

test.each([
  ["our label", "issues", labeled(), "ours"],
  ["our label in the case someone made it in", "issues", labeled({ label: "Copatcher" }), "ours"],
  ["another label", "issues", labeled({ label: "bug" }), "none"],
  ["our label, set by a bot", "issues", labeled({ sender: bot }), "none"],
  ["our label on an issue without a number", "issues", { ...labeled(), issue: {} }, "not-understood"],
  ["a label that is no object", "issues", { action: "labeled", label: "copatcher" }, "none"],
  ["a command", "issue_comment", commented("/copatcher fix"), "ours"],
  ["a comment without a command", "issue_comment", commented("I see this too"), "none"],
  ["a quoted command", "issue_comment", commented("> /copatcher fix"), "none"],
  ["a bot's command", "issue_comment", commented("/copatcher fix", { sender: bot }), "none"],
  [
    "a command nobody sent",
    "issue_comment",
    { ...commented("/copatcher fix"), sender: null },
    "not-understood",
  ],
  ["the end of our pull request", "pull_request", aboutPull("closed"), "ours"],
  ["another action on it", "pull_request", aboutPull("labeled"), "none"],
  ["somebody's pull request", "pull_request", aboutPull("closed", {}, { branch: "fix" }), "none"],
  [
    "a person's branch named like ours",
    "pull_request",
    aboutPull("closed", {}, { author: { login: "eve", type: "User" } }),
    "none",
  ],
  [
    "our own push",
    "pull_request",
    aboutPull("synchronize", { before: "0" }, { sender: { login: "copatcher[bot]", type: "Bot" } }),
    "none",
  ],
  ["a push of somebody", "pull_request", aboutPull("synchronize", { before: "0" }), "ours"],
  ["a push from nowhere", "pull_request", aboutPull("synchronize"), "not-understood"],
  ["a review", "pull_request_review", aboutPull("submitted", { review }), "ours"],
  ["a remark", "pull_request_review_comment", aboutPull("created", { comment: remark }), "ours"],
  ["an issue's deletion", "issues", issueGone(), "ours"],
  ["a repository's deletion", "repository", repositoryGone(), "ours"],
  ["the end of an installation", "installation", uninstalled(), "ours"],
  ["a new installation", "installation", { ...uninstalled(), action: "created" }, "none"],
  ["repositories taken away", "installation_repositories", repositoriesRemoved("acme/cadence"), "ours"],
  [
    "a repository without an owner",
    "installation_repositories",
    repositoriesRemoved("cadence"),
    "not-understood",
  ],
  ["the sweep's own event, from outside", "copatcher-label", { action: "found" }, "none"],
  ["another event", "push", { ref: "main" }, "none"],
  ["an action that is no word", "issues", { action: ["labeled"] }, "none"],
] as const)("%s", (_, event, payload, expected) => {
  expect(relevance(event, payload)).toBe(expected);
});
