import { posix } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdits, type AppliedEdits, type FileLookup } from "../../src/domain/apply-edits.ts";
import type { Edit } from "../../src/domain/edit.ts";
import { joinLines, splitLines } from "../../src/domain/text-lines.ts";

const frozen = (files: Readonly<Record<string, string>>) => {
  const texts = new Map(
    Object.entries(files).map(([path, text]) => [path, Object.freeze({ text })] as const),
  );
  return (path: string): FileLookup => texts.get(path) ?? null;
};

// Few distinct lines, so that edits often match, also twice, nearly or at another indent.
const body = fc.constantFrom("a", "b", " a", "  a", "\ta", "a ", "", " ", "\f", "b\rc", "\u2028", "é");
const end = fc.constantFrom("\n", "\n", "\r\n");
const fileText = fc
  .tuple(fc.array(fc.tuple(body, end), { minLength: 1, maxLength: 8 }), fc.boolean())
  .map(([lines, bare]) => {
    const text = lines.map(([line, newline]) => line + newline).join("");
    return bare ? text.replace(/\r?\n$/, "") : text;
  })
  .filter((text) => text !== "");
const side = fc.array(body, { maxLength: 3 }).map((lines) => lines.map((line) => `${line}\n`).join(""));
const bare = (text: string): string => text.replaceAll(/\s/g, "");

/** Whether `after` is `before` with some lines replaced that are the edit's SEARCH lines but for blanks. */
function keepsTheRest(before: string, after: string, edit: Edit): boolean {
  const lines = splitLines(before);
  const search = splitLines(edit.search).map((line) => line.body);
  return lines.some((_, at) => {
    const matched = lines.slice(at, at + search.length);
    if (matched.length < search.length) return false;
    if (matched.some((line, index) => bare(line.body) !== bare(search[index] ?? ""))) return false;
    const [head, tail] = [joinLines(lines.slice(0, at)), joinLines(lines.slice(at + search.length))];
    return after.length >= head.length + tail.length && after.startsWith(head) && after.endsWith(tail);
  });
}

describe("applying one edit to any file", () => {
  test("keeps every byte before and behind the lines that it quotes", () => {
    let applied = 0;
    fc.assert(
      fc.property(fileText, side, side, (text, search, replace) => {
        const edit = { path: "f", search, replace };
        const result = applyEdits([edit], frozen({ f: text }));
        if (!result.ok || search.trim() === "") return;
        applied += 1;
        expect(result.changes.map(({ path, before }) => [path, before])).toEqual([["f", text]]);
        expect(keepsTheRest(text, result.changes[0]?.after ?? "", edit)).toBe(true);
      }),
      { numRuns: 3000 },
    );

    expect(applied).toBeGreaterThan(200);
  });

  test("leaves the lines that both of its sides quote as the file has them", () => {
    fc.assert(
      fc.property(fileText, fc.nat(7), (text, index) => {
        const lines = splitLines(text);
        const at = index % lines.length;
        const marked = lines.map((line, place) => (place === at ? { ...line, body: "§" } : line));
        const search = marked.map((line) => `${line.body}\n`).join("");
        const edit = { path: "f", search, replace: search.replace("§", "$") };

        const result = applyEdits([edit], frozen({ f: joinLines(marked) }));

        expect(result).toMatchObject({ ok: true, changes: [{ after: joinLines(marked).replace("§", "$") }] });
      }),
    );
  });
});

describe("of several edits", () => {
  const files = { "a.py": "1\n2\n3\n", "b/c.py": "x\r\ny", "d.py": "z\nz\n" };
  const good: readonly Edit[] = [
    { path: "a.py", search: "1\n", replace: "one\n" },
    { path: "a.py", search: "3\n", replace: "" },
    { path: "b/c.py", search: "y\n", replace: "why\n" },
    { path: "new.py", search: "", replace: "n\n" },
  ];
  const bad: readonly Edit[] = [
    { path: "a.py", search: "4\n", replace: "four\n" },
    { path: "d.py", search: "z\n", replace: "y\n" },
    { path: "a.py", search: "", replace: "0\n" },
    { path: "nowhere.py", search: "1\n", replace: "2\n" },
    { path: "../a.py", search: "", replace: "2\n" },
    { path: ".git/config", search: "", replace: "2\n" },
  ];

  test("one that is rejected, wherever it stands, leaves nothing of the others", () => {
    const mixed = fc
      .tuple(fc.shuffledSubarray([...good]), fc.constantFrom(...bad), fc.nat(4))
      .map(([some, wrong, at]) => some.toSpliced(Math.min(at, some.length), 0, wrong));
    fc.assert(
      fc.property(mixed, (edits) => {
        const result: AppliedEdits = applyEdits(edits, frozen(files));

        expect(Object.keys(result)).toEqual(["ok", "rejection"]);
        expect(result.ok).toBe(false);
      }),
    );
  });

  test("those of different places give the same in any order", () => {
    const sorted = (result: AppliedEdits) =>
      result.ok ? result.changes.toSorted((a, b) => (a.path < b.path ? -1 : 1)) : result.rejection;
    const expected = sorted(applyEdits(good, frozen(files)));
    fc.assert(
      fc.property(fc.shuffledSubarray([...good], { minLength: good.length }), (edits) => {
        expect(sorted(applyEdits(edits, frozen(files)))).toEqual(expected);
      }),
    );
  });
});

test("no path of an edit leads out of the tree or into git's data, however it is written", () => {
  const piece = fc.constantFrom(
    "..",
    ".",
    "~",
    ".git",
    ".GIT ",
    "git~1",
    "a",
    "",
    "/",
    "\\",
    "C:",
    "\0",
    "\u200b",
  );
  const path = fc.oneof(
    fc.array(piece, { maxLength: 5 }).map((parts) => parts.join("/")),
    fc.tuple(fc.constantFrom("`", "a/", "./", "b/", "<"), fc.array(piece)).map(([mark, parts]) => {
      return mark + parts.join("/") + (mark === "`" ? "`" : "");
    }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
      .map((units) => String.fromCharCode(...units)),
  );
  fc.assert(
    fc.property(path, (written) => {
      const result = applyEdits([{ path: written, search: "", replace: "x\n" }], () => null);
      for (const change of result.ok ? result.changes : []) {
        const place = posix.resolve("/tree", change.path);
        expect(place).toBe(`/tree/${change.path}`);
        expect(change.path.toLowerCase().split("/")).not.toContain(".git");
        expect(change.path).not.toMatch(/[\\\0]|^-/);
      }
    }),
    { numRuns: 300 },
  );
});
