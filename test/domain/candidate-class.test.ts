import { expect, test } from "vitest";
import {
  classKey,
  groupByClass,
  groupByStage,
  type AppliedSample,
} from "../../src/domain/candidate-class.ts";
import type { FileChange } from "../../src/domain/edit.ts";
import { patchSize } from "../../src/domain/patch.ts";

const withoutComments = (_: string, text: string): string => text.replace(/#.*$/gm, "").trim();
const change = (after: string, path = "a.py", before = "x = 1\n"): FileChange => ({ path, before, after });
const applied = (sample: string, key: string, after = "x = 2\n"): AppliedSample => ({
  sample,
  index: Number(sample.split("/")[1]),
  key,
  changes: [change(after)],
  patch: sample,
  size: patchSize([change(after)]),
  characters: 10,
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

const fix = change("x = 2\n");
const aside = (comment: string): FileChange => change(`x = 1  # ${comment}\n`, "b.py");

test("a comment in another file parts no votes for the same fix", () => {
  expect(classKey([fix, aside("why")], withoutComments)).toBe(classKey([fix], withoutComments));
  expect(classKey([aside("one")], withoutComments)).not.toBe(classKey([aside("two")], withoutComments));
});

test("files that have no normal form count by their text, whatever else changes", () => {
  const sources = (path: string, text: string) => (path.endsWith(".py") ? withoutComments(path, text) : null);
  const notes = (after: string): FileChange => change(after, "rates.csv", "1\n");

  expect(classKey([fix, notes("2\n")], sources)).not.toBe(classKey([fix], sources));
  expect(classKey([fix, notes("2\n")], sources)).not.toBe(classKey([fix, notes("3\n")], sources));
  expect(classKey([fix, notes("1  \n")], sources)).toBe(classKey([fix], sources));
});

test("a file that is deleted or new counts, however little is in it", () => {
  const gone: FileChange = { path: "b.py", before: "", after: null };
  const made: FileChange = { path: "b.py", before: null, after: "" };
  const keys = [[fix], [fix, gone], [fix, made]].map((changes) => classKey(changes, withoutComments));

  expect(new Set(keys).size).toBe(3);
});

test("a long run of blanks in a line takes linear time", () => {
  const text = `a${" ".repeat(400_000)}b`;

  expect(classKey([change(`${text}  \n`)], () => null)).toBe(classKey([change(`${text}\n`)], () => null));
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

  expect(candidates.map(({ candidate: { id, samples } }) => [id, samples])).toEqual([
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

  expect(candidates.map(({ candidate: { patch, samples } }) => [patch, samples.length])).toEqual([
    ["g/1", 3],
  ]);
});

test("of members with as many lines the one with the shorter answer stands, in whichever order they came", () => {
  const members = [
    { ...applied("g/2", "k"), characters: 5 },
    { ...applied("g/0", "k"), characters: 9 },
    { ...applied("g/1", "k"), characters: 5 },
  ];

  expect(groupByClass(members)).toEqual(groupByClass(members.toReversed()));
  expect(groupByClass(members)[0]).toMatchObject({
    standing: { sample: "g/1" },
    candidate: { samples: ["g/0", "g/1", "g/2"] },
  });
});

test("what an earlier stage wrote gets nothing from a later one", () => {
  const later = [applied("c/0", "k"), applied("c/1", "new"), applied("c/2", "new")];

  const classes = groupByStage([[applied("g/0", "k")], later]);

  expect(classes.map(({ candidate }) => [candidate.id, candidate.samples])).toEqual([
    ["k", ["g/0"]],
    ["new", ["c/1", "c/2"]],
  ]);
});
