import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdits, type FileLookup } from "../../src/domain/apply-edits.ts";
import type { Edit } from "../../src/domain/edit.ts";
import { splitLines } from "../../src/domain/text-lines.ts";

/** A tree of texts; the paths `symlink`, `protected` and so on are what they say. */
const tree =
  (files: Readonly<Record<string, string>>) =>
  (path: string): FileLookup => {
    switch (path) {
      case "not-text":
      case "symlink":
      case "submodule":
      case "protected":
      case "too-large":
        return path;
      default:
        return Object.hasOwn(files, path) ? { text: files[path] ?? "" } : null;
    }
  };

const edit = (path: string, search: string, replace: string): Edit => ({ path, search, replace });

function apply(files: Readonly<Record<string, string>>, ...edits: readonly Edit[]): unknown {
  const applied = applyEdits(edits, tree(files));
  return applied.ok
    ? Object.fromEntries(applied.changes.map((change) => [change.path, change.after]))
    : applied.rejection.reason;
}

describe("matching", () => {
  test("prefers the exact place to one that differs in blanks", () => {
    expect(apply({ a: "x \nx\n" }, edit("a", "x\n", "y\n"))).toEqual({ a: "x \ny\n" });
  });

  test("ignores trailing blanks next", () => {
    expect(apply({ a: "f(  \n  1)\t\n" }, edit("a", "f(\n  1)\n", "g()\n"))).toEqual({ a: "g()\n" });
  });

  test("shifts search and replacement by one indent", () => {
    const file = "class A:\n    def f(self):\n        return 1\n";

    expect(
      apply({ a: file }, edit("a", "def f(self):\n    return 1\n", "def f(self):\n\n    return 2\n")),
    ).toEqual({
      a: "class A:\n    def f(self):\n\n        return 2\n",
    });
  });

  test("takes surplus indent away again", () => {
    expect(apply({ a: "if x:\n  y\n" }, edit("a", "    if x:\n      y\n", "    if z:\n      y\n"))).toEqual({
      a: "if z:\n  y\n",
    });
  });

  test("shifts by tabs where the file has tabs", () => {
    expect(apply({ a: "\t\tif x:\n\t\t\ty\n" }, edit("a", "if x:\n\ty\n", "if x:\n\tz\n"))).toEqual({
      a: "\t\tif x:\n\t\t\tz\n",
    });
  });

  test("rejects lines that would need different shifts", () => {
    expect(apply({ a: "if x:\n    y\n" }, edit("a", "if x:\n  y\n", "z\n"))).toBe("search-not-found");
  });

  test("rejects a replacement that cannot lose the surplus indent", () => {
    expect(apply({ a: "  x\n  w\n" }, edit("a", "    x\n    w\n", "    x\n y\n"))).toBe("search-not-found");
  });

  test.each([
    ["exactly", "x\ny\nx\n", "x\n"],
    ["without trailing blanks", "x  \nx\t\n", "x\n"],
    ["at two indents", "  x\n    x\n", "x\n"],
    ["overlapping itself", "x\nx\nx\n", "x\nx\n"],
  ])("rejects text that occurs twice %s", (_, file, search) => {
    expect(apply({ a: file }, edit("a", search, "z\n"))).toBe("search-ambiguous");
  });

  test("never matches half a line", () => {
    expect(apply({ a: "value = 10\n" }, edit("a", "value = 1\n", "value = 2\n"))).toBe("search-not-found");
  });
});

describe("bytes", () => {
  test("keeps CRLF, also in new lines", () => {
    expect(apply({ a: "1\r\n2\r\n3\r\n" }, edit("a", "2\n", "2a\n2b\n"))).toEqual({
      a: "1\r\n2a\r\n2b\r\n3\r\n",
    });
  });

  test("keeps mixed line ends of untouched lines", () => {
    expect(apply({ a: "1\n2\r\n3\n" }, edit("a", "2\n", "x\n"))).toEqual({ a: "1\nx\r\n3\n" });
  });

  test("keeps a missing newline at the end", () => {
    expect(apply({ a: "1\n2" }, edit("a", "2\n", "3\n"))).toEqual({ a: "1\n3" });
    expect(apply({ a: "1\n2" }, edit("a", "2\n", "2\n3\n"))).toEqual({ a: "1\n2\n3" });
    expect(apply({ a: "1\n2" }, edit("a", "1\n", "0\n"))).toEqual({ a: "0\n2" });
  });

  test("keeps form feeds, lone CR, Unicode separators and a byte order mark", () => {
    expect(apply({ a: "\uFEFFa\n\fb\u2028c\rd\nend\n" }, edit("a", "a\n", "A\n"))).toEqual({
      a: "\uFEFFA\n\fb\u2028c\rd\nend\n",
    });
  });

  test("keeps trailing blanks of lines that the edit only quotes", () => {
    expect(
      apply({ a: "head  \nold\ntail\t\n" }, edit("a", "head\nold\ntail\n", "head\nnew\ntail\n")),
    ).toEqual({
      a: "head  \nnew\ntail\t\n",
    });
  });

  test("deletes lines for an empty replacement", () => {
    expect(apply({ a: "1\n2\n3\n" }, edit("a", "2\n", ""))).toEqual({ a: "1\n3\n" });
  });

  test("changes nothing outside the replaced line, whatever the file holds", () => {
    const line = fc.string().filter((text) => !/[\r\n]/.test(text));
    const end = fc.constantFrom("\n", "\r\n");
    const lines = fc.array(fc.tuple(line, end));
    fc.assert(
      fc.property(lines, lines, fc.boolean(), (head, tail, bare) => {
        const [before, after] = [head, tail].map((part) => part.flat().join(""));
        const file = `${before}§needle§${bare ? "" : `\n${after}`}`;
        const expected = `${before}§found§${bare ? "" : `\n${after}`}`;
        expect(apply({ a: file }, edit("a", "§needle§\n", "§found§\n"))).toEqual({ a: expected });
      }),
    );
  });

  test("splits into lines that join to the same text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "\n", "\r", "\f") }), (text) => {
        expect(
          splitLines(text)
            .map((line) => line.body + line.end)
            .join(""),
        ).toBe(text);
      }),
    );
  });
});

describe("several edits", () => {
  test("apply one after another to one file", () => {
    expect(apply({ a: "1\n2\n" }, edit("a", "1\n", "x\n"), edit("a", "x\n2\n", "y\n"))).toEqual({ a: "y\n" });
  });

  test("all count or none", () => {
    expect(apply({ a: "1\n", b: "2\n" }, edit("a", "1\n", "x\n"), edit("b", "9\n", "x\n"))).toBe(
      "search-not-found",
    );
  });

  test("that cancel each other are no change", () => {
    expect(apply({ a: "1\n" }, edit("a", "1\n", "2\n"), edit("a", "2\n", "1\n"))).toBe("no-change");
  });

  test("report the file as it was before the first of them", () => {
    const applied = applyEdits([edit("a", "1\n", "2\n"), edit("./a", "2\n", "3\n")], tree({ a: "1\n" }));

    expect(applied).toMatchObject({ ok: true, changes: [{ path: "a", before: "1\n", after: "3\n" }] });
  });
});

describe("files", () => {
  test("are created by an empty SEARCH and can be edited afterwards", () => {
    const applied = applyEdits([edit("b/new", "", "x\n"), edit("b/new", "x\n", "y\n")], tree({}));

    expect(applied).toMatchObject({ ok: true, changes: [{ path: "b/new", before: null, after: "y\n" }] });
  });

  test.each(["./src/x", "a/src/x", "`src/x`", "b/src/x"])("are found as %s", (path) => {
    expect(apply({ "src/x": "1\n" }, edit(path, "1\n", "2\n"))).toEqual({ "src/x": "2\n" });
  });

  test("whose literal name exists win over the stripped one", () => {
    expect(apply({ "a/x": "1\n", x: "1\n" }, edit("a/x", "1\n", "2\n"))).toEqual({ "a/x": "2\n" });
  });

  test.each([
    ["symlink", "unsafe-path"],
    ["submodule", "unsafe-path"],
    ["protected", "protected-path"],
    ["not-text", "not-text"],
    ["too-large", "too-large"],
    ["absent", "unknown-file"],
    ["../a", "unsafe-path"],
    [".git/config", "unsafe-path"],
    ["", "unsafe-path"],
    ["constructor", "unknown-file"],
  ])("like %j refuse the edit as %s", (path, reason) => {
    expect(apply({}, edit(path, "x\n", "y\n"))).toBe(reason);
  });

  test("with content are not replaced by an empty SEARCH", () => {
    expect(apply({ a: "1\n" }, edit("a", "\n", "2\n"))).toBe("malformed-edit");
  });
});
