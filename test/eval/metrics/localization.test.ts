import { expect, test } from "vitest";
import { goldPlaces } from "../../../src/eval/metrics/gold-places.ts";
import { fileHit, functionHit, lineHit } from "../../../src/eval/metrics/localization.ts";

const fix = `diff --git a/src/a.py b/src/a.py
--- a/src/a.py
+++ b/src/a.py
@@ -1,5 +1,6 @@
 one
-two
+zwei
 three
+added
 four
 five
diff --git a/src/new.py b/src/new.py
new file mode 100644
--- /dev/null
+++ b/src/new.py
@@ -0,0 +1 @@
+new
diff --git a/tests/test_a.py b/tests/test_a.py
--- a/tests/test_a.py
+++ b/tests/test_a.py
@@ -1 +1 @@
-old
+new
`;
const isTest = (path: string): boolean => path.startsWith("tests/");
const range = (first: number, last: number) => ({ path: "src/a.py", range: { first, last } });

test("asks for changed lines and for a neighbour of inserted ones", () => {
  expect(goldPlaces(fix, isTest)).toEqual({
    files: [{ path: "src/a.py", places: [{ oneOf: [2] }, { oneOf: [3, 4] }] }],
    leftOut: { created: 1, tests: 1 },
  });
});

test("knows the neighbours of lines inserted at a file's ends", () => {
  const insertion = (hunk: string): unknown =>
    goldPlaces(`--- a/x\n+++ b/x\n${hunk}`, isTest).files.flatMap(({ places }) => places);

  expect(insertion("@@ -1,1 +1,2 @@\n+first\n one\n")).toEqual([{ oneOf: [1] }]);
  expect(insertion("@@ -1,1 +1,2 @@\n one\n+last\n")).toEqual([{ oneOf: [1] }]);
  expect(insertion("@@ -4,0 +5,1 @@\n+between\n")).toEqual([{ oneOf: [4, 5] }]);
});

test.each(["", "no diff at all", "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n one\n"])(
  "refuses %j as a fix",
  (text) => {
    expect(() => goldPlaces(text, isTest)).toThrow(/the true fix is no unified diff/);
  },
);

test("wants every changed file among the first five", () => {
  const gold = ["a", "b"].map((path) => ({ path, places: [] }));

  expect(fileHit(gold, ["b", "x", "a"])).toEqual({ complete: true, any: true, recall: 1 });
  expect(fileHit(gold, ["a", "1", "2", "3", "4", "b"])).toEqual({ complete: false, any: true, recall: 0.5 });
  expect(fileHit([], ["a"])).toBeNull();
});

test("wants every changed line inside the predicted ranges", () => {
  const { files } = goldPlaces(fix, isTest);

  expect(lineHit(files, [range(1, 2), range(4, 4)])?.complete).toBe(true);
  expect(lineHit(files, [range(2, 2)])).toEqual({ complete: false, any: true, recall: 0.5 });
  expect(lineHit(files, [{ path: "src/b.py", range: { first: 1, last: 9 } }])?.any).toBe(false);
});

test("compares functions by the innermost definition around a line", () => {
  const definition = (name: string, first: number, last: number) =>
    ({ kind: name === "C" ? "class" : "function", name, range: { first, last } }) as const;
  const definitions = [definition("C", 1, 20), definition("C.f", 2, 5), definition("C.g", 7, 9)];
  const structureOf = () => ({ definitions, imports: [], lines: 30 });
  const gold = [{ path: "src/a.py", places: [{ oneOf: [4] }, { oneOf: [25] }] }];

  expect(functionHit(gold, [range(5, 5)], structureOf)).toEqual({ complete: true, any: true, recall: 1 });
  expect(functionHit(gold, [range(6, 9)], structureOf)?.any).toBe(false);
  expect(functionHit(gold, [range(1, 1e9)], structureOf)?.complete).toBe(true);
});
