import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  codeBlock,
  fold,
  inlineCode,
  inlineText,
  joinSections,
  plainLine,
  table,
} from "../../src/report/markdown.ts";

describe("inlineText", () => {
  test.each([
    ["a mention", "@octocat", "@\u200Boctocat"],
    ["an issue reference", "fixes #12 and GH-3", "fixes #\u200B12 and GH-\u200B3"],
    ["an address", "https://x.y", "https:\u200B//x.y"],
    ["a web name", "www.x.y", "www\u200B.x.y"],
    ["HTML", "<img src=x> &amp;", "&lt;img src=x&gt; &amp;amp;"],
    ["a link", "[a](b)", "\\[a\\](b)"],
    ["an image", "![a]", "!\\[a\\]"],
    ["emphasis and code", "*a* _b_ `c` ~d~", "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~"],
    ["a table border", "a | b", "a \\| b"],
    ["newlines", "a\n\n# b", "a # b"],
    ["a heading", "# a", "\\# a"],
    ["a list", "1. a. b", "1\\. a. b"],
    ["bidirectional controls", "a\u202Eb", "ab"],
  ])("disarms %s", (_, raw, safe) => {
    expect(inlineText(raw)).toBe(safe);
  });

  test("cuts long text at a whole character", () => {
    expect(inlineText("🎉".repeat(50), 10)).toBe(`${"🎉".repeat(4)}…`);
  });

  test("never leaves a mention, a reference, an address or a tag", () => {
    const piece = fc.constantFrom(
      "@a",
      "#1",
      "://",
      "<",
      ">",
      "`",
      "\\",
      "\u200b",
      "www.",
      "|",
      "&",
      "\n",
      "GH-1",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (parts) => {
        const text = inlineText(parts.join(""));
        expect(text).not.toMatch(/@[A-Za-z0-9]|#\d|:\/\/|[<>\n]|(?:^|[^\\])(?:\\\\)*[`|]/);
      }),
    );
  });
});

test("plain lines carry no Markdown escapes", () => {
  expect(plainLine("`f_x` fails\tfor @a")).toBe("`f_x` fails for @\u200Ba");
});

test.each(["[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[Actions Skip]", "skip-checks: true"])(
  "%s in a title keeps no checks from running",
  (words) => {
    const spoken = plainLine(`Crash ${words} on start`);

    expect(spoken).not.toContain(words);
    expect(spoken.replaceAll("\u200B", "")).toContain(words);
  },
);

test("other titles about CI stay as they are", () => {
  expect(plainLine("Do not skip it: no circle, CI fails")).toBe("Do not skip it: no circle, CI fails");
});

describe("code", () => {
  test.each([
    ["a", "`a`"],
    ["a`b", "``a`b``"],
    ["`a", "`` `a ``"],
    ["", "` `"],
    ["a|b", "`a¦b`"],
    ["a\nb", "`a b`"],
    ["a\u202Eb", "`a<U+202E>b`"],
  ])("inline %j is %j", (raw, code) => {
    expect(inlineCode(raw)).toBe(code);
  });

  test("blocks have a fence longer than any inside", () => {
    expect(codeBlock("a\n````\nb\n", "python")).toBe("`````python\na\n````\nb\n`````");
    expect(codeBlock("x", "py\n# evil`")).toBe("```pyevil\nx\n```");
  });

  test("blocks cannot be left", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("`", "``", "```", "\n", "a", "</details>", "@a")), (parts) => {
        const text = codeBlock(parts.join(""));
        const fence = /^`+/.exec(text)?.[0] ?? "";
        const inside = text.split("\n").slice(1, -1);
        expect(inside.some((line) => line.includes(fence))).toBe(false);
        expect(text.endsWith(`\n${fence}`)).toBe(true);
      }),
    );
  });
});

test("a fold's summary cannot close it", () => {
  expect(fold("</summary></details>@a", "x")).toBe(
    "<details>\n<summary>&lt;/summary&gt;&lt;/details&gt;@\u200Ba</summary>\n\nx\n\n</details>",
  );
});

test("a table has one line per row", () => {
  expect(table(["a", "b"], [["1", inlineText("2|\n3")]])).toBe("| a | b |\n| --- | --- |\n| 1 | 2\\| 3 |");
});

describe("joinSections", () => {
  const section = (name: string, length: number, required = false) => ({
    name,
    text: name.repeat(length),
    required,
  });

  test("keeps everything that fits", () => {
    expect(joinSections([section("a", 2), section("b", 0), section("c", 1)], 100)).toBe("aa\n\nc");
  });

  test("leaves out whole sections from the bottom up, never required ones, and says so", () => {
    const body = joinSections(
      [section("a", 50, true), section("b", 100), section("c", 100), section("d", 50, true)],
      260,
    );

    expect(body).toBe(
      `${"a".repeat(50)}\n\n${"b".repeat(100)}\n\n${"d".repeat(50)}\n\n_Left out because of GitHub's size limit: c._`,
    );
  });

  test("stays below the limit while the required parts do", () => {
    const sections = fc.array(fc.tuple(fc.nat(400), fc.boolean()), { maxLength: 20 });
    fc.assert(
      fc.property(sections, (parts) => {
        const all = parts.map(([length, required], i) => ({
          ...section("x", length, required && i < 2),
          name: "x",
        }));
        expect(joinSections(all, 2100).length).toBeLessThanOrEqual(2100);
      }),
    );
  });
});
