import { expect, test } from "vitest";
import { commandLine, mayHoldCommand, withoutCommands } from "../../../src/domain/command/command-line.ts";

test.each([
  ["a quote", "> /copatcher fix"],
  ["a line that goes on a quote", "> somebody said\n/copatcher fix"],
  ["a list", "- /copatcher fix"],
  ["a line that goes on a list", "1. first\n/copatcher fix"],
  ["a fence", "```\n/copatcher fix\n```"],
  ["an unclosed fence", "~~~\n/copatcher fix"],
  ["a fence inside a longer one", "````\n```\n/copatcher fix\n````"],
  ["indented code", "    /copatcher fix"],
  ["inline code", "write `/copatcher fix` to start"],
  ["inline code over lines", "write `\n/copatcher fix\n` to start"],
  ["an HTML comment", "<!-- /copatcher fix -->"],
  ["an HTML comment over lines", "text <!--\n/copatcher fix\n--> text"],
  ["an HTML block", "<details>\n/copatcher fix\n</details>"],
  ["a table", "| a |\n| --- |\n/copatcher fix |"],
  ["the middle of a sentence", "please /copatcher fix"],
  ["another word", "/copatchers fix"],
  ["a mention that is not the first line", "Hi\n@copatcher fix"],
  ["a mention of somebody with a longer name", "@copatcher-dev fix"],
  ["a mention inside a sentence", "thanks @copatcher fix"],
  ["nothing", ""],
  ["more than GitHub takes", `/copatcher fix\n${"x".repeat(66_000)}`],
])("%s is no command", (_, comment) => {
  expect(commandLine(comment, "copatcher")).toBeNull();
});

test.each([
  ["after a quote", "> quoted\n\n/copatcher fix"],
  ["after code", "```\ncode\n```\n/copatcher fix"],
  ["after an unclosed backquote", "it's `odd\n\n/copatcher fix"],
  ["behind a heading", "# Please\n/copatcher fix"],
  ["with Windows line ends", "Hi\r\n/copatcher fix\r\n"],
  ["with trailing blanks", "/copatcher fix   "],
])("a command counts %s", (_, comment) => {
  expect(commandLine(comment, null)).toMatchObject({ words: "fix" });
});

test("a line that is code above and text below counts as text", () => {
  expect(commandLine("`\n/copatcher fix\n`\n/copatcher fix\nthis", null)?.words).toBe("fix");
});

test("without a known slug no mention is a command", () => {
  expect(commandLine("@copatcher fix", null)).toBeNull();
});

test.each([">", "> ", "- ", "*a _", "[a](", "![[]()", "`a``b", "<a ", "[a]: b\n"])(
  "a comment made of %j is read without an end of its own making",
  (piece) => {
    const filler = piece.repeat(Math.floor(60_000 / piece.length));
    expect(commandLine(`/copatcher fix\n\n${filler}`, null)?.words).toBe("fix");
  },
);

test.each(["see /copatcher fix", "mail me@copatcher fix", "nothing"])(
  "%j is not looked at closely",
  (text) => {
    expect(mayHoldCommand(text)).toBe(false);
  },
);

test("a comment without its commands keeps everything else, quoted commands too", () => {
  const comment = "@copatcher fix\n\nSee `a`.\n/copatcher retry\r\n> /copatcher fix\n";

  expect(withoutCommands(comment, "copatcher")).toBe("\nSee `a`.\n> /copatcher fix\n");
  expect(withoutCommands("a\r\nb", null)).toBe("a\r\nb");
});
