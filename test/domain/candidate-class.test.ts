import { expect, test } from "vitest";
import { classKey, groupByClass, type AppliedSample } from "../../src/domain/candidate-class.ts";
import type { FileChange } from "../../src/domain/edit.ts";

const withoutComments = (_: string, text: string): string => text.replace(/#.*$/gm, "").trim();
const change = (after: string, path = "a.py", before = "x = 1\n"): FileChange => ({ path, before, after });
const applied = (sample: string, key: string, after = "x = 2\n"): AppliedSample => ({
  sample,
  key,
  changes: [change(after)],
  patch: sample,
  refines: null,
  restored: [],
});

test("patches with the same normal form are one class", () => {
  const plain = classKey([change("x = 2\n")], withoutComments);
  const commented = classKey([change("x = 2  # why\n")], withoutComments);

  expect(commented).toBe(plain);
});

test("patches that normalise to the unchanged file are told apart by their text", () => {
  const one = classKey([change("x = 1  # one\n")], withoutComments);
  const two = classKey([change("x = 1  # two\n")], withoutComments);

  expect(one).not.toBe(two);
});

test("the order of files does not matter", () => {
  const [a, b] = [change("x = 2\n", "a.py"), change("x = 3\n", "b.py")];

  expect(classKey([a, b], withoutComments)).toBe(classKey([b, a], withoutComments));
});

test("the same text in another file is another class", () => {
  const [a, b] = [change("x = 2\n", "a.py"), change("x = 2\n", "b.py")];

  expect(classKey([a], withoutComments)).not.toBe(classKey([b], withoutComments));
});

test("every sample of a class keeps its vote, also when texts are equal to the byte", () => {
  const candidates = groupByClass([applied("g/0", "k"), applied("g/1", "other"), applied("g/2", "k")]);

  expect(candidates.map(({ id, samples }) => [id, samples])).toEqual([
    ["k", ["g/0", "g/2"]],
    ["other", ["g/1"]],
  ]);
});

test("the member with the fewest changed lines stands for its class", () => {
  const candidates = groupByClass([
    applied("g/0", "k", "x = 2\n\n\n"),
    applied("g/1", "k"),
    applied("g/2", "k", "x = 2  # two\n"),
  ]);

  expect(candidates.map(({ patch, samples }) => [patch, samples.length])).toEqual([["g/1", 3]]);
});
