import { expect, test } from "vitest";
import { parseCommand } from "../../../src/domain/command/parse-command.ts";
import { verbs } from "../../../src/domain/command/verbs.ts";

const read = (comment: string) => parseCommand(comment, "copatcher");

test.each(Object.entries(verbs))("the example of %s is that command", (verb, { example }) => {
  expect(read(example)).toMatchObject({ verb, options: {} });
});

test.each([
  ["/copatcher fix", "fix"],
  ["/copatcher FIX", "fix"],
  ["Thanks!\n\n/copatcher fix", "fix"],
  ["Thanks!\n/copatcher\tfix", "fix"],
  ["/copatcher", "help"],
  ["/copatcher \tenv  check", "env check"],
  ["@copatcher status", "status"],
  ["@Copatcher[bot] status", "status"],
  ["@copatcher", "help"],
  ["/copatcher fix\n---", "fix"],
  ["/copatcher fix\n".repeat(200) + "/copatcher cancel", "fix"],
])("%j asks for %s", (comment, verb) => {
  expect(read(comment)).toMatchObject({ verb, options: {} });
});

test("the lines below the command are its text, as they were written", () => {
  expect(read("Hi\n/copatcher fix  \r\nlook at `a.py`,\r\nnot at b.py\n")).toEqual({
    verb: "fix",
    options: {},
    text: "look at `a.py`,\nnot at b.py",
  });
});

test("options are read by the verb's own rules", () => {
  expect(read("/copatcher fix base=release/2.x path=src/calc force=true")).toMatchObject({
    options: { base: "release/2.x", path: "src/calc", force: true },
  });
});

test.each([
  ["/copatcher fix please", "please", "options look like key=value"],
  ["/copatcher fix speed=11", "speed=11", "not known here"],
  ["/copatcher fix toString=1", "toString=1", "not known here"],
  ["/copatcher fix base=a base=b", "base=b", "said twice"],
  ["/copatcher fix base=", "base=", "no name of a branch"],
  ["/copatcher fix base=../../etc", "base=../../etc", "no name of a branch"],
  ["/copatcher fix base=-x", "base=-x", "no name of a branch"],
  ["/copatcher fix path=../secret", "path=../secret", "leaves the repository"],
  ["/copatcher fix path=/etc/passwd", "path=/etc/passwd", "no path of the repository"],
  ["/copatcher fix force=yes", "force=yes", "must be true or false"],
  ["/copatcher retry from=start", "from=start", "must be generate or validate"],
  ["/copatcher cancel now=true", "now=true", "takes none"],
])("%j is answered for its option %s: %s", (comment, option, why) => {
  expect(read(comment)).toMatchObject({ wrong: "option", option, why: expect.stringContaining(why) });
});

test.each(["/copatcher merge", "/copatcher env", "/copatcher env clean", "/copatcher approve it"])(
  "%j is no command that is known",
  (comment) => {
    expect(read(comment)).toMatchObject({ wrong: "unknown" });
  },
);

test("of a very long word only the head is repeated", () => {
  expect(read(`/copatcher ${"x".repeat(5_000)}`)).toMatchObject({ word: "x".repeat(40) });
});
