import { beforeAll, expect, test } from "vitest";
import { loadCodeGrammars, type CodeGrammar } from "../../../src/eval/code-bleu/code-grammars.ts";
import { codeTree } from "../../../src/eval/code-bleu/code-tree.ts";
import { dataFlow } from "../../../src/eval/code-bleu/data-flow.ts";

let grammars: ReadonlyMap<string, CodeGrammar>;

beforeAll(async () => {
  grammars = await loadCodeGrammars();
});

/** Edges as `name@place < sources`, null when the code was too deep. */
function flowOf(id: string, text: string): readonly string[] | null {
  const grammar = grammars.get(id);
  if (grammar === undefined) throw new Error(`no grammar for ${id}`);
  const tree = codeTree(grammar.parse(text), text, grammar.isDocstring);
  const edges = dataFlow(tree, grammar.construct);
  return edges?.map(({ name, place, fromPlaces }) => `${name}@${place} < ${fromPlaces.join(" ")}`) ?? null;
}

// Words are numbered from 0, by hand below each text.

test("follows values through an assignment", () => {
  //                     0 1 2 3 4 5
  expect(flowOf("python", "a = b\nc = a")).toEqual(["a@0 < 2", "b@2 < ", "c@3 < 5", "a@5 < 0"]);
});

test("joins what both branches of an if may have set", () => {
  //            0  1 2 3 4 5  6    7 8 9 10 11
  const text = "if a:\n    b = 1\nelse:\n    b = 2\nc = b";
  expect(flowOf("python", text)).toContain("b@13 < 3 8");
});

test("keeps what was before an if without else", () => {
  //            0 1 2 3  4 5 6 7 8 9 10 11
  const text = "b = 0\nif a:\n    b = 1\nc = b";
  expect(flowOf("python", text)).toContain("b@11 < 0 6");
});

test("carries values into the next round of a loop", () => {
  //            0 1 2 3     4 5 6 7 8 9 10
  const text = "a = 0\nwhile b:\n    c = a\n    a = c";
  expect(flowOf("python", text)).toContain("a@8 < 0 9");
});

test("reads a comprehension's loop before the words that use it", () => {
  //            0 1 2 3 4   5 6  7 8
  const text = "a = [b for b in c]";
  expect(flowOf("python", text)).toContain("b@3 < 5");
});

test("takes each value of a Java declaration as a source", () => {
  //            0   1 2 3 4 5 6
  const text = "int a = b + c;";
  expect(flowOf("java", text)).toContain("a@1 < 3 5");
});

test("gives up on loops that nest too deeply, and on endless nesting", () => {
  const loops = Array.from({ length: 40 }, (_, depth) => `${" ".repeat(depth)}for i in x:`).join("\n");
  const brackets = `a = ${"(".repeat(5000)}b${")".repeat(5000)}`;

  expect(flowOf("python", `${loops}\n${" ".repeat(41)}pass`)).toBeNull();
  expect(flowOf("python", brackets)).toBeNull();
});
