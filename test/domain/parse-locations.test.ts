import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeFiles, mergeLocations } from "../../src/domain/merge-locations.ts";
import { parseFileList, parseLocations } from "../../src/domain/parse-locations.ts";

const tree = [
  "setup.py",
  "src/flask/app.py",
  "src/flask/cli.py",
  "src/flask/sansio/app.py",
  "tests/test_app.py",
];

describe("parseFileList", () => {
  test.each([
    [
      "the last block",
      "```\nsetup.py\n```\nno:\n```\nsrc/flask/cli.py\nsetup.py\n```",
      ["src/flask/cli.py", "setup.py"],
    ],
    ["each file once", "```\nsetup.py\n./setup.py\n`setup.py`\n```", ["setup.py"]],
    [
      "list items",
      "```\n1. `src/flask/cli.py`\n- setup.py\n* b/setup.py\n```",
      ["src/flask/cli.py", "setup.py"],
    ],
    [
      "a path before its reason",
      "```\nsrc/flask/cli.py - the parser\nsetup.py: metadata\n```",
      ["src/flask/cli.py", "setup.py"],
    ],
    ["a unique suffix", "```\ncli.py\nflask/cli.py\n```", ["src/flask/cli.py"]],
    ["a path below the repository's name", "```\nflask/src/flask/cli.py\n```", ["src/flask/cli.py"]],
    ["nothing for an ambiguous suffix", "```\napp.py\n```", []],
    ["nothing for unknown files", "```\nnope.py\n```", []],
    ["an unclosed block", "```\nsetup.py", ["setup.py"]],
    ["an earlier block when the last names none", "```\nsetup.py\n```\n```\nDone.\n```", ["setup.py"]],
    [
      "bare paths without any block",
      "Files:\nsetup.py\n- src/flask/cli.py\nsee cli.py",
      ["setup.py", "src/flask/cli.py"],
    ],
    ["nothing in prose", "I would look at setup.py first.", []],
  ])("gives %s", (_, answer, files) => {
    expect(parseFileList(answer, tree)).toEqual(files);
  });
});

describe("parseLocations", () => {
  const files = ["a.py", "pkg/b.py"];
  const line = (path: string, first: number, last = first): unknown => ({
    kind: "line",
    path,
    range: { first, last },
  });

  test("reads classes, functions, variables and lines under their file", () => {
    const answer = "```\na.py\nclass: A\nfunction: A.f\nline: 12\n\npkg/b.py\nvariable: LIMIT\nline: 3\n```";

    expect(parseLocations(answer, files)).toEqual([
      { kind: "class", path: "a.py", name: "A" },
      { kind: "function", path: "a.py", name: "A.f" },
      line("a.py", 12),
      { kind: "variable", path: "pkg/b.py", name: "LIMIT" },
      line("pkg/b.py", 3),
    ]);
  });

  test.each([
    ["line: 12-15", [line("a.py", 12, 15)]],
    ["lines: 12, 15", [line("a.py", 12), line("a.py", 15)]],
    ["line: 15–12", [line("a.py", 12, 15)]],
    ["line:7", [line("a.py", 7)]],
    ["  - line: 7", [line("a.py", 7)]],
    ["line: 0", []],
    ["function:f", [{ kind: "function", path: "a.py", name: "f" }]],
    ["function: `f(x, y)`", [{ kind: "function", path: "a.py", name: "f" }]],
    ["method: def A.f(self)", [{ kind: "function", path: "a.py", name: "A.f" }]],
    [
      "function: f, g",
      [
        { kind: "function", path: "a.py", name: "f" },
        { kind: "function", path: "a.py", name: "g" },
      ],
    ],
    ["**class:** A", [{ kind: "class", path: "a.py", name: "A" }]],
    ["toString: x", []],
  ])("reads %j", (text, expected) => {
    expect(parseLocations(`\`\`\`\na.py\n${text}\n\`\`\``, files)).toEqual(expected);
  });

  test.each(["a.py", "./a.py", "### File: a.py ###", "`a.py`:", "File: a.py", "**a.py**"])(
    "knows the file line %j",
    (header) => {
      expect(parseLocations(`\`\`\`\n${header}\nline: 1\n\`\`\``, files)).toEqual([line("a.py", 1)]);
    },
  );

  test("takes the last block that names a place", () => {
    const answer = "```\na.py\nline: 1\n```\nbetter\n```\na.py\nline: 2\n```\n```\nno place\n```";

    expect(parseLocations(answer, files)).toEqual([line("a.py", 2)]);
  });

  test("drops places in files that were not asked about", () => {
    expect(parseLocations("```\na.py\nline: 1\nother.py\nline: 2\n```", files)).toEqual([line("a.py", 1)]);
  });

  test("needs no file line when there is one file", () => {
    expect(parseLocations("```\nline: 4\n```", ["a.py"])).toEqual([line("a.py", 4)]);
    expect(parseLocations("```\nline: 4\n```", files)).toEqual([]);
  });

  test("never throws and gives ranges in order", () => {
    const word = fc.constantFrom(
      "```",
      "a.py",
      "line:",
      "line: 9-2",
      "class: ",
      "function: f(",
      "### ",
      "12",
      "-",
      ",",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.string())), (lines) => {
        const inverted = parseLocations(lines.join("\n"), files).filter(
          (place) => place.kind === "line" && place.range.first > place.range.last,
        );
        expect(inverted).toEqual([]);
      }),
    );
  });
});

describe("mergeFiles", () => {
  test("orders by votes, then by mean rank, then by first mention", () => {
    const samples = [
      ["b", "a", "z"],
      ["b", "a", "y"],
      ["c", "b", "a"],
    ];

    expect(mergeFiles(samples, 4)).toEqual([
      { path: "b", votes: 3 },
      { path: "a", votes: 3 },
      { path: "c", votes: 1 },
      { path: "z", votes: 1 },
    ]);
  });

  test("counts a file once per sample", () => {
    expect(mergeFiles([["a", "a", "a"], ["b"], ["b"]], 1)).toEqual([{ path: "b", votes: 2 }]);
  });
});

describe("mergeLocations", () => {
  const at = (path: string, first: number, last: number) => ({
    kind: "line" as const,
    path,
    range: { first, last },
  });
  const resolve = (place: ReturnType<typeof at> | { kind: string }) =>
    "range" in place && place.range.first <= 100 ? [place.range] : [];

  test("merges what overlaps and counts each sample once", () => {
    const samples = [
      [at("a", 1, 5), at("a", 4, 9), at("b", 2, 2)],
      [at("a", 9, 10), at("a", 20, 21)],
      [at("a", 11, 12)],
    ];

    expect(mergeLocations(samples, resolve)).toEqual([
      { path: "a", range: { first: 1, last: 10 }, votes: 2 },
      { path: "a", range: { first: 11, last: 12 }, votes: 1 },
      { path: "a", range: { first: 20, last: 21 }, votes: 1 },
      { path: "b", range: { first: 2, last: 2 }, votes: 1 },
    ]);
  });

  test("drops what does not exist", () => {
    expect(mergeLocations([[at("a", 500, 501)]], resolve)).toEqual([]);
  });

  test("gives disjoint ranges that cover exactly the named lines", () => {
    const range = fc
      .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(8))
      .map(([first, more]) => at("a", first, first + more));
    fc.assert(
      fc.property(fc.array(fc.array(range)), (samples) => {
        const lines = (ranges: readonly { range: { first: number; last: number } }[]) =>
          ranges.flatMap(({ range: { first, last } }) =>
            Array.from({ length: last - first + 1 }, (_, i) => first + i),
          );
        const merged = lines(mergeLocations(samples, resolve));
        expect(merged).toEqual([...new Set(lines(samples.flat()))].toSorted((a, b) => a - b));
      }),
    );
  });
});
