import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";
import { modulePieces } from "../../../src/languages/python/module-pieces.ts";
import { normalFormOf } from "../../../src/languages/python/normal-form.ts";
import { createPython } from "../../../src/languages/python/python.ts";
import { syntaxErrorOf } from "../../../src/languages/python/syntax-check.ts";
import { loadParser } from "../../../src/languages/syntax-tree.ts";
import { anyLines, likelyPrograms } from "./random-programs.ts";
import { standardModules } from "./real-files.ts";

const python = await createPython();
const parse = await loadParser("python");

/** As the whole text is read at once; its line ends are those of Unix. */
function readWhole(text: string) {
  const error = syntaxErrorOf(parse(text), text);
  return { error, form: error === null ? normalFormOf(parse(text), text) : null };
}

const readInPieces = (text: string) => ({ error: python.syntaxError(text), form: python.normalForm(text) });

test("a module is cut before its classes and functions, with their decorators", () => {
  const [head, decorated, last] = [
    "import a\n# b\n",
    "@c\n@d\ndef e():\n    def f(): pass\n\n",
    "class G: pass\n",
  ];

  expect(modulePieces(head + decorated + last)).toEqual([head, decorated, last]);
});

test.each([
  ["of which only a parser can tell", "x = (\ndef f():\n    pass\n"],
  ["in which a block is missing", "if a:\ndef f(): pass\n"],
  ["with none", ""],
])("a text %s is one piece", (_, text) => {
  expect(modulePieces(text)).toEqual([text]);
});

test("real modules have the normal form of the whole text", () => {
  const texts = standardModules().filter((text) => !text.includes("\r"));

  expect(texts.map(readInPieces)).toEqual(texts.map(readWhole));
});

test("any text reads in pieces as it reads as a whole, with its errors", () => {
  const alike = (text: string): void => {
    expect(readInPieces(text)).toEqual(readWhole(text));
  };

  assert(property(likelyPrograms, alike), { numRuns: 400 });
  assert(property(anyLines, alike), { numRuns: 200 });
  assert(
    property(string({ unit: "binary-ascii", maxLength: 60 }), (text) => alike(text.replaceAll("\r", ""))),
    { numRuns: 100 },
  );
});

test("a string at the margin behind a class is no docstring", () => {
  const [first, second] = ["'a'", "'b'"].map((text) => python.normalForm(`class A: pass\n${text}\n`));

  expect(first).not.toEqual(second);
});
