import { expect, test } from "vitest";
import { parseCommand } from "../../src/domain/command.ts";

test.each([
  ["/copatcher fix", "fix"],
  ["/copatcher fix\nthe parser is in a.py", "fix"],
  ["Thanks!\n\n/copatcher fix", "fix"],
  ["/copatcher\tfix please", "fix"],
  ["/copatcher", "help"],
  ["/copatcher help", "help"],
  ["/copatcher env check", "env-check"],
  ["/copatcher \tenv  check now", "env-check"],
  ["/copatcher env", "unknown"],
  ["/copatcher env clean", "unknown"],
  ["/copatcher merge", "unknown"],
  ["/copatcher Fix", "unknown"],
])("%j asks for %s", (comment, verb) => {
  expect(parseCommand(comment)?.verb).toBe(verb);
});

test.each([
  ["a quote", "> /copatcher fix"],
  ["a fence", "```\n/copatcher fix\n```"],
  ["an unclosed fence", "~~~\n/copatcher fix"],
  ["a fence inside a longer one", "````\n```\n/copatcher fix\n````"],
  ["indented code", "    /copatcher fix"],
  ["inline code", "write `/copatcher fix` to start"],
  ["an HTML comment", "<!-- /copatcher fix -->"],
  ["an HTML comment over lines", "<!--\n/copatcher fix\n-->"],
  ["the middle of a sentence", "please /copatcher fix"],
  ["another word", "/copatchers fix"],
  ["nothing", ""],
])("%s is no command", (_, comment) => {
  expect(parseCommand(comment)).toBeNull();
});
