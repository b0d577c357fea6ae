import { describe, expect, test } from "vitest";
import { applyEdits } from "../../src/domain/apply-edits.ts";

/** The file after one edit, or why it is none. */
function edited(text: string, search: string, replace: string): string | null {
  const result = applyEdits([{ path: "a.py", search, replace }], () => ({ text }));
  return result.ok ? (result.changes[0]?.after ?? null) : result.rejection.reason;
}

describe("a SEARCH text", () => {
  const twice = "def a():\n    return 1\n\n\ndef b():\n    return 1\n";

  test("that stands in two functions is no edit of the first", () => {
    expect(edited(twice, "    return 1\n", "    return 2\n")).toBe("search-ambiguous");
    expect(edited(twice, "return 1\n", "return 2\n")).toBe("search-ambiguous");
  });

  test("does not match lines of another nesting, which would change the control flow", () => {
    const nested = "for x in y:\n    if x:\n        f(x)\n    g(x)\n";

    expect(edited(nested, "    if x:\n        f(x)\n        g(x)\n", "    f(x)\n")).toBe("search-not-found");
    expect(edited(nested, "if x:\n    f(x)\ng(x)\n", "if x:\n    f(x)\n    g(x)\n")).toBe(
      "for x in y:\n    if x:\n        f(x)\n        g(x)\n",
    );
  });

  test("that begins with a decorator or a comment shifts the replacement by all of its lines alike", () => {
    const text = "class A:\n    # why\n    @property\n    def b(self):\n        return 1\n";
    const search = "# why\n@property\ndef b(self):\n    return 1\n";
    const replace = "@cached\n# because\ndef b(self):\n    if self.c:\n        return 2\n    return 1\n";

    expect(edited(text, search, replace)).toBe(
      "class A:\n    @cached\n    # because\n    def b(self):\n        if self.c:\n            return 2\n        return 1\n",
    );
  });

  test("keeps tabs as tabs where the replacement is shifted", () => {
    expect(edited("\tif x:\n\t\treturn 1\n", "if x:\n\treturn 1\n", "if x:\n\tx += 1\n\treturn x\n")).toBe(
      "\tif x:\n\t\tx += 1\n\t\treturn x\n",
    );
  });
});
