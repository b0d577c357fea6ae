import { expect, test } from "vitest";
import { render } from "../../src/pipeline/prompt.ts";
import type { Prompt } from "../../src/ports/prompt-book.ts";

const promptOf = (template: string, variables: string[]): Prompt => ({
  id: "greet",
  version: 1,
  role: "loc-gen",
  temperature: 0,
  maxTokens: 10,
  variables,
  template,
  hash: "",
});

test("replaces every occurrence of a declared variable", () => {
  expect(render(promptOf("{a}-{b}-{a}", ["a", "b"]), { a: "1", b: "2" })).toBe("1-2-1");
});

test("renders doubled braces as single ones, as Python's format does", () => {
  expect(render(promptOf("{{poc_code here}} {{a}} {a}", ["a"]), { a: "1" })).toBe("{poc_code here} {a} 1");
});

test("keeps every other brace as text", () => {
  expect(render(promptOf("if (x) { {a} } {b} {} {not a name}", ["a"]), { a: "1" })).toBe(
    "if (x) { 1 } {b} {} {not a name}",
  );
});

test.each(["{b}", "{{b}}", "$&", "$1", "{a}"])("inserts the value %s untouched", (value) => {
  expect(render(promptOf("[{a}|{b}]", ["a", "b"]), { a: value, b: "B" })).toBe(`[${value}|B]`);
});

test("names missing and unknown variables", () => {
  expect(() => render(promptOf("{a} {b}", ["a", "b"]), { a: "", c: "" })).toThrow(
    "variables of prompt greet: missing b; unknown c",
  );
});

test("takes no value from the prototype of objects", () => {
  expect(() => render(promptOf("{constructor}", ["constructor"]), {})).toThrow(/missing constructor/);
});
