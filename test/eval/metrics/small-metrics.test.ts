import { beforeAll, expect, test } from "vitest";
import { compilationRate, parses } from "../../../src/eval/metrics/compilation.ts";
import { costOf } from "../../../src/eval/metrics/cost.ts";
import { exactMatch, withoutDecorators } from "../../../src/eval/metrics/exact-match.ts";
import { jaccard4 } from "../../../src/eval/metrics/jaccard.ts";
import { byBlanks } from "../../../src/eval/metrics/ngrams.ts";
import { reasoningLength, spread } from "../../../src/eval/metrics/reasoning-length.ts";
import { isResolved, rate } from "../../../src/eval/metrics/resolved.ts";
import { createPython } from "../../../src/languages/python/python.ts";
import type { Language } from "../../../src/languages/language.ts";

let python: Language;

beforeAll(async () => {
  python = await createPython();
});

test("resolves only with every deciding test passed, a missing one not", () => {
  const deciding = { failToPass: ["new"], passToPass: ["old"] };
  const tested = (entries: ReadonlyArray<readonly [string, "passed" | "failed"]>) =>
    isResolved({ kind: "tested", results: new Map(entries) }, deciding);

  expect(
    tested([
      ["new", "passed"],
      ["old", "passed"],
    ]),
  ).toBe(true);
  expect(
    tested([
      ["new", "passed"],
      ["old", "failed"],
    ]),
  ).toBe(false);
  expect(tested([["new", "passed"]])).toBe(false);
  for (const kind of ["empty", "invalid", "not-applicable", "timed-out"] as const)
    expect(isResolved({ kind }, deciding)).toBe(false);
  expect(rate([], Boolean)).toBeNull();
});

test("matches methods by text, and by text without line ends and trailing blanks", () => {
  expect(exactMatch("a\nb", "a\nb")).toEqual({ raw: true, normalised: true });
  expect(exactMatch("a  \r\nb\r\n", "a\nb")).toEqual({ raw: false, normalised: true });
  expect(exactMatch("  a", "a").normalised).toBe(false);
});

test("leaves decorators out of functions", () => {
  const decorated =
    "@cached(\n    size=1,\n)\n@staticmethod\ndef f():\n    @inner\n    def g(): pass\n    return g\n";
  const plain = "def f():\n    @inner\n    def g(): pass\n    return g\n";

  expect(withoutDecorators(`${decorated}\n@a\nasync def h(): pass`)).toBe(`${plain}\nasync def h(): pass`);
  expect(withoutDecorators("def f(): pass")).toBe("def f(): pass");
});

test("compares sets of four words", () => {
  // By hand: abcd bcde cdef against abcd bcde cdeg, two of four.
  expect(jaccard4(byBlanks("a b c d e f"), byBlanks("a b c d e g"))).toBe(0.5);
  expect(jaccard4(byBlanks("a b c d a b c d"), byBlanks("a b c d"))).toBe(0.25);
  expect(jaccard4(byBlanks("a b c"), byBlanks("a b c d"))).toBeNull();
});

test("measures reasoning in words, characters and counted tokens", () => {
  const answer = (text: string, reasoning = "") =>
    reasoningLength({ text, reasoning, reasoningTokens: null, cutByLimit: false });

  expect(answer("<think>two 🙂</think>answer")).toMatchObject({
    words: 2,
    characters: 5,
    tokens: null,
    blocks: 1,
  });
  expect(answer("opened in the prompt</think>answer")).toMatchObject({
    words: 4,
    blocks: 1,
    unclosed: false,
  });
  expect(answer("<think>never ends")).toMatchObject({ words: 2, unclosed: true });
  expect(answer("<think>a</think>x<think>b</think>", "field")).toMatchObject({ words: 3, blocks: 3 });
  expect(answer("no thought")).toMatchObject({ words: 0, characters: 0, blocks: 0 });
});

test("spreads lengths as R's quantile does", () => {
  // R: quantile(c(1, 2, 3, 10), .95) gives 8.95.
  expect(spread([10, 1, 3, 2])).toEqual({ mean: 4, median: 2.5, p95: expect.closeTo(8.95, 10), max: 10 });
  expect(spread([])).toBeNull();
});

test("counts patches whose source files parse, and leaves out those that touch none", () => {
  const file = (path: string, text: string | null) => parses([{ path, text }], [python]);
  const patches = [
    file("a.py", "x = 1\n"),
    file("a.py", "x = ("),
    file("README.md", "("),
    file("a.py", null),
  ];

  expect(patches).toEqual([true, false, null, null]);
  expect(compilationRate(patches)).toEqual({ rate: 0.5, counted: 2, leftOut: 2 });
});

test("spreads the whole cost, failures included, over what was resolved", () => {
  const spent = { promptTokens: 100, answerTokens: 10, modelSeconds: 4, sandboxSeconds: 2 };

  const cost = costOf([spent, spent, spent], 2);

  expect(cost.perResolved).toEqual({
    promptTokens: 150,
    answerTokens: 15,
    modelSeconds: 6,
    sandboxSeconds: 3,
  });
  expect(costOf([spent], 0).perResolved).toBeNull();
});
