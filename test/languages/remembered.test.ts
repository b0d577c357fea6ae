import { expect, test } from "vitest";
import { createPython } from "../../src/languages/python/python.ts";
import { rememberReadings } from "../../src/languages/remembered.ts";

const python = await createPython();

function counting() {
  const parsed: string[] = [];
  const language = rememberReadings({
    ...python,
    normalForm(text) {
      parsed.push(text);
      return python.normalForm(text);
    },
  });
  return { language, parsed };
}

test("a text is parsed once and always reads the same", () => {
  const { language, parsed } = counting();

  const forms = ["a = 1  # one\n", "b = 2\n", "a = 1  # one\n"].map((text) => language.normalForm(text));

  expect(parsed).toHaveLength(2);
  expect(forms).toEqual(["a = 1\n", "b = 2\n", "a = 1\n"].map((text) => python.normalForm(text)));
});

test("a text without a syntax error stays without one", () => {
  const { language } = counting();

  expect([1, 2].map(() => language.syntaxError("a = 1\n"))).toEqual([null, null]);
  expect(language.syntaxError("a = = 1\n")).toEqual(python.syntaxError("a = = 1\n"));
});

test("texts beyond what is kept are parsed again", () => {
  const { language, parsed } = counting();
  const large = (name: string) => `${name} = "${"x".repeat(5_000_000)}"\n`;

  for (const name of ["a", "b", "a"]) language.normalForm(large(name));

  expect(parsed).toHaveLength(3);
});
