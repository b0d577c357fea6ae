import { expect, test } from "vitest";
import { mergeFiles, mergeLocations } from "../../src/domain/merge-locations.ts";
import { parseFileList, parseLocations } from "../../src/domain/parse-locations.ts";
import type { LineRange, NamedLocation } from "../../src/domain/location.ts";

const tree = ["a.py", "pkg/b.py"];

const lines = (named: NamedLocation): readonly LineRange[] => {
  if (named.kind === "line") return [named.range];
  return [named.name === "get" ? { first: 1, last: 2 } : { first: 9, last: 10 }];
};

test("a file that one reply names in three spellings has one vote", () => {
  const loud = parseFileList("```\na.py\n./a.py\n`a.py`\n```", tree);
  const plain = parseFileList("```\npkg/b.py\n```", tree);

  expect(mergeFiles([loud, plain, plain], 5)).toEqual([
    { path: "pkg/b.py", votes: 2 },
    { path: "a.py", votes: 1 },
  ]);
});

test("one sample is as good as several, and none gives nothing", () => {
  const sample = parseLocations("```\na.py\nfunction: get\nline: 5\n```", tree);

  expect(mergeFiles([["a.py"]], 5)).toEqual([{ path: "a.py", votes: 1 }]);
  expect(mergeLocations([sample], lines)).toEqual([
    { path: "a.py", range: { first: 1, last: 2 }, votes: 1 },
    { path: "a.py", range: { first: 5, last: 5 }, votes: 1 },
  ]);
  expect(mergeFiles([], 5)).toEqual([]);
  expect(mergeLocations([], lines)).toEqual([]);
});

test("a name that another sample's name contains keeps its own place and its own votes", () => {
  const samples = ["get_all", "get", "get"].map((name) =>
    parseLocations(`\`\`\`\na.py\nfunction: ${name}\n\`\`\``, tree),
  );

  expect(mergeLocations(samples, lines)).toEqual([
    { path: "a.py", range: { first: 1, last: 2 }, votes: 2 },
    { path: "a.py", range: { first: 9, last: 10 }, votes: 1 },
  ]);
});

test("an empty reply among others takes nothing away", () => {
  const samples = ["", "```\na.py\n```", ""].map((reply) => parseFileList(reply, tree));

  expect(mergeFiles(samples, 5)).toEqual([{ path: "a.py", votes: 1 }]);
});
