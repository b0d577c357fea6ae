import { expect, test } from "vitest";
import { concernsUs } from "../../src/github-app/concerns-us.ts";
import { commented, labeled } from "./payloads.ts";

test.each([
  ["our label", "issues", labeled(), true],
  ["our label in the case someone made it in", "issues", labeled({ label: "Copatcher" }), true],
  ["another label", "issues", labeled({ label: "bug" }), false],
  ["our label, set by a bot", "issues", labeled({ sender: { login: "copatcher[bot]", type: "Bot" } }), false],
  ["a command", "issue_comment", commented("/copatcher fix"), true],
  ["a comment without a command", "issue_comment", commented("I see this too"), false],
  ["a quoted command", "issue_comment", commented("> /copatcher fix"), false],
  [
    "a bot's command",
    "issue_comment",
    commented("/copatcher fix", { sender: { login: "x[bot]", type: "Bot" } }),
    false,
  ],
  ["another event", "push", { ref: "main" }, false],
  ["a payload that is none", "issues", null, false],
  ["a payload of another shape", "issues", { action: "labeled", label: "copatcher" }, false],
] as const)("%s", (_, event, payload, expected) => {
  expect(concernsUs(event, payload)).toBe(expected);
});
