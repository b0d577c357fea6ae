import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRepoPath, cleanModelPath, isProtected } from "../../src/domain/repo-path.ts";

describe("checkRepoPath", () => {
  test.each([
    "setup.py",
    "src/flask/app.py",
    "docs/über uns/naïve file.rst",
    ".gitlab-notes/a",
    "a/.gitkeep",
    "a/...b",
    'we"ird/na me.py',
  ])("accepts %j", (path) => {
    expect(checkRepoPath(path)).toEqual({ ok: true, path });
  });

  test.each([
    ["", "empty"],
    ["/etc/passwd", "absolute"],
    ["C:/x", "absolute"],
    ["../x", "leaves"],
    ["a/../../x", "leaves"],
    ["a//b", "segment"],
    ["a/", "segment"],
    ["./a", "segment"],
    ["a/./b", "segment"],
    ["a\nb", "control"],
    ["a\u0000b", "control"],
    ["a\u2028b", "control"],
    ["a\\b", "backslash"],
    ["--output=x", "dash"],
    [".git/config", ".git"],
    ["a/.GIT/hooks/x", ".git"],
    ["git~1/config", ".git"],
    [".g\u200Dit/config", ".git"],
    [".git./config", ".git"],
    [".git /config", ".git"],
    [".git::$INDEX_ALLOCATION/config", ".git"],
    ["\uFF0Egit/config", ".git"],
    ["a\u202Eb", "invisible"],
    ["u\u0308.py", "normal form"],
    ["a\uD800", "Unicode"],
    ["x".repeat(4097), "4096"],
  ])("refuses %j", (path, why) => {
    const check = checkRepoPath(path);

    expect(check.ok ? "accepted" : check.why).toContain(why);
  });

  test("never throws and never lets a parent or .git segment through", () => {
    const piece = fc.constantFrom("..", ".", ".git", ".GiT", "a", "", "\u200b", "/", "\\", "git~1", "b.py");
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" }))), (parts) => {
        const check = checkRepoPath(parts.join("/"));
        if (!check.ok) return;
        const segments = check.path.toLowerCase().split("/");
        expect(segments).not.toContain("..");
        expect(segments).not.toContain(".git");
        expect(check.path.startsWith("/")).toBe(false);
      }),
    );
  });
});

describe("cleanModelPath", () => {
  test.each([
    ["`src/a.py`", ["src/a.py"]],
    [' "a/src/x.py" ', ["a/src/x.py", "src/x.py"]],
    ["./b/x.py", ["./b/x.py", "b/x.py", "x.py"]],
    ["**`a.py`**", ["a.py"]],
    ["``", []],
    ["", []],
  ])("spells %j", (raw, spellings) => {
    expect(cleanModelPath(raw)).toEqual(spellings);
  });
});

describe("isProtected", () => {
  test.each([
    ".github/workflows/ci.yml",
    ".GitHub/Workflows/ci.yml",
    ".gitmodules",
    "vendor/.gitattributes",
    "docs/CODEOWNERS",
    "poetry.lock",
  ])("protects %s", (path) => {
    expect(isProtected(path)).toBe(true);
  });

  test.each(["src/app.py", "github/x.py", "src/conftest_helper.py", "a/lock.py", "src/.github/x"])(
    "leaves %s open",
    (path) => {
      expect(isProtected(path)).toBe(false);
    },
  );

  test("matches wildcards inside a segment only", () => {
    expect(isProtected("a/b.lock", ["*.lock"])).toBe(false);
    expect(isProtected("b.lock", ["*.lock"])).toBe(true);
    expect(isProtected("a/x1/c", ["**/x?/**"])).toBe(true);
  });

  test("answers at once for patterns made to backtrack", () => {
    const started = process.cpuUsage();

    expect(isProtected("a".repeat(3000), ["*a".repeat(200) + "b"])).toBe(false);
    expect(isProtected("a/".repeat(1000) + "a", ["**/".repeat(100) + "b"])).toBe(false);

    expect(process.cpuUsage(started).user).toBeLessThan(2000_000);
  });
});
