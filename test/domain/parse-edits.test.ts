import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEdits } from "../../src/domain/parse-edits.ts";

const block = (path: string, ...edits: readonly string[]): string =>
  `<<< MODIFIED FILE: ${path} >>>\n${edits.join("\n")}\n<<< END MODIFIED FILE >>>`;
const edit = (search: string, replace: string, marks = 7): string =>
  [
    `${"<".repeat(marks)} SEARCH`,
    ...(search === "" ? [] : [search]),
    "=".repeat(marks),
    ...(replace === "" ? [] : [replace]),
    `${">".repeat(marks)} REPLACE`,
  ].join("\n");

function edits(answer: string): unknown {
  const parsed = parseEdits(answer);
  return parsed.ok
    ? parsed.edits.map(({ path, search, replace }) => [path, search, replace])
    : parsed.rejection.reason;
}

describe("parseEdits reads", () => {
  test("several edits of several files", () => {
    const answer = `I change two files.\n${block("a.py", edit("x", "y"), edit("p\n  q", "r"))}\nand\n${block("b.py", edit("1", "2"))}\nDone.`;

    expect(edits(answer)).toEqual([
      ["a.py", "x\n", "y\n"],
      ["a.py", "p\n  q\n", "r\n"],
      ["b.py", "1\n", "2\n"],
    ]);
  });

  test.each([5, 6, 7, 8, 9])("marks of width %d", (marks) => {
    expect(edits(block("a.py", edit("x", "y", marks)))).toEqual([["a.py", "x\n", "y\n"]]);
  });

  test("the paper's listing with six, five and six marks and its unclosed fence", () => {
    const answer =
      "<<< MODIFIED FILE: a.py >>>\n```python\n<<<<<< SEARCH\nx\n=====\ny\n>>>>>> REPLACE\n<<< END MODIFIED FILE >>>\n...";

    expect(edits(answer)).toEqual([["a.py", "x\n", "y\n"]]);
  });

  test.each(["```python", "~~~", "````py", "```diff"])("edits inside %s fences", (fence) => {
    const close = fence.replace(/\w+$/, "");
    const answer = `<<< MODIFIED FILE: a.py >>>\n${fence}\n${edit("x", "y")}\n${close}\n<<< END MODIFIED FILE >>>`;

    expect(edits(answer)).toEqual([["a.py", "x\n", "y\n"]]);
  });

  test.each(["`a.py`", '"a.py"', "'a.py'", "**a.py**"])("the path %s without its quotes", (path) => {
    expect(edits(block(path, edit("x", "y")))).toEqual([["a.py", "x\n", "y\n"]]);
  });

  test("a block without END mark", () => {
    expect(edits(`<<< MODIFIED FILE: a.py >>>\n${edit("x", "y")}`)).toEqual([["a.py", "x\n", "y\n"]]);
  });

  test("an empty replacement as a deletion that leaves the next edit alone", () => {
    expect(edits(block("a.py", edit("x", ""), edit("p", "q")))).toEqual([
      ["a.py", "x\n", ""],
      ["a.py", "p\n", "q\n"],
    ]);
  });

  test("a blank replacement line as a line", () => {
    expect(edits(block("a.py", "<<<<<<< SEARCH\nx\n=======\n\n>>>>>>> REPLACE"))).toEqual([
      ["a.py", "x\n", "\n"],
    ]);
  });

  test("an empty SEARCH as a new file", () => {
    expect(edits(block("new.py", edit("", "x = 1")))).toEqual([["new.py", "", "x = 1\n"]]);
  });

  test("answers with CRLF line ends", () => {
    expect(edits(block("a.py", edit("x", "y")).replaceAll("\n", "\r\n"))).toEqual([["a.py", "x\n", "y\n"]]);
  });

  test("the Agentless form, path above or inside the fence", () => {
    const answer = `### a/b.py\n\`\`\`python\n${edit("x", "y")}\n\`\`\`\n\nThen:\n\`\`\`python\n### c.py\n${edit("p", "q")}\n${edit("r", "s")}\n\`\`\``;

    expect(edits(answer)).toEqual([
      ["a/b.py", "x\n", "y\n"],
      ["c.py", "p\n", "q\n"],
      ["c.py", "r\n", "s\n"],
    ]);
  });

  test("headings and comments near an edit as what they are", () => {
    expect(edits(`## Explanation\nsome prose\n${block("a.py", "# Fix it", edit("# one", "# two"))}`)).toEqual(
      [["a.py", "# one\n", "# two\n"]],
    );
  });

  test("a reStructuredText underline on both sides", () => {
    const answer = block("a.rst", edit("Title\n=======\nold", "Title\n=======\nnew"));

    expect(edits(answer)).toEqual([["a.rst", "Title\n=======\nold\n", "Title\n=======\nnew\n"]]);
  });
});

describe("of several answers the last one counts", () => {
  test("when the whole answer is repeated", () => {
    const draft = `${block("a.py", edit("x", "draft"))}\n${block("b.py", edit("p", "draft"))}`;
    const final = `${block("a.py", edit("x", "final"))}\n${block("b.py", edit("p", "final"))}`;

    expect(edits(`${draft}\nWait, better:\n${final}`)).toEqual([
      ["a.py", "x\n", "final\n"],
      ["b.py", "p\n", "final\n"],
    ]);
  });

  test("when the final answer names fewer files", () => {
    const draft = `${block("a.py", edit("x", "draft"))}\n${block("b.py", edit("p", "draft"))}`;

    expect(edits(`${draft}\nThe second is not needed.\n${block("a.py", edit("x", "final"))}`)).toEqual([
      ["a.py", "x\n", "final\n"],
    ]);
  });

  test("when it quotes more lines of the same place", () => {
    const answer = `${block("a.py", edit("x", "draft"))}\nFinal:\n${block("a.py", edit("w\nx\ny", "final"))}`;

    expect(edits(answer)).toEqual([["a.py", "w\nx\ny\n", "final\n"]]);
  });

  test("when a model loops without a word between", () => {
    const once = `${block("a.py", edit("x", "y"))}\n${block("b.py", edit("p", "q"))}`;

    expect(edits(`${once}\n${once}\n${once}`)).toEqual([
      ["a.py", "x\n", "y\n"],
      ["b.py", "p\n", "q\n"],
    ]);
  });

  test("when the draft is malformed", () => {
    const draft = "<<< MODIFIED FILE: a.py >>>\n<<<<<<< SEARCH\nx\n=======\ny\n<<< END MODIFIED FILE >>>";

    expect(edits(`${draft}\nAgain:\n${block("a.py", edit("x", "y"))}`)).toEqual([["a.py", "x\n", "y\n"]]);
  });

  test("but separate blocks for one file with different places all count", () => {
    expect(edits(`${block("a.py", edit("x", "y"))}\nalso\n${block("a.py", edit("p", "q"))}`)).toEqual([
      ["a.py", "x\n", "y\n"],
      ["a.py", "p\n", "q\n"],
    ]);
  });
});

describe("parseEdits rejects", () => {
  test.each([
    ["an empty answer", "", "no-answer"],
    ["prose", "I cannot fix this.", "no-answer"],
    ["a file mark without edits", "<<< MODIFIED FILE: a.py >>>\n", "no-answer"],
    [
      "an edit without REPLACE",
      "<<< MODIFIED FILE: a.py >>>\n<<<<<<< SEARCH\nx\n=======\ny",
      "malformed-edit",
    ],
    ["an edit without divider", block("a.py", "<<<<<<< SEARCH\nx\n>>>>>>> REPLACE"), "malformed-edit"],
    ["an edit without path", edit("x", "y"), "malformed-edit"],
    [
      "a last edit that never closes after good ones",
      `${block("a.py", edit("x", "y"))}\n<<< MODIFIED FILE: b.py >>>\n<<<<<<< SEARCH\nz`,
      "malformed-edit",
    ],
    [
      "two possible dividers",
      block("a.py", "<<<<<<< SEARCH\nx\n=======\ny\n=======\nz\n>>>>>>> REPLACE"),
      "malformed-edit",
    ],
    ["an answer of 2 MB", "x".repeat(2_000_000), "too-large"],
    [
      "a thousand edits",
      block("a.py", edit("x", "y")).repeat(1000).replaceAll(">>><<<", ">>>\n<<<"),
      "too-large",
    ],
  ])("%s", (_, answer, reason) => {
    expect(edits(answer)).toBe(reason);
  });
});

describe("parseEdits withstands", () => {
  const token = fc.constantFrom(
    "<<<<<<< SEARCH",
    "=======",
    ">>>>>>> REPLACE",
    "<<< MODIFIED FILE: a.py >>>",
    "<<< END MODIFIED FILE >>>",
    "### b.py",
    "```python",
    "```",
    "x = 1",
    "",
  );

  test("any mixture of its own marks", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 5, arbitrary: token }, fc.string())), (lines) => {
        const parsed = parseEdits(lines.join("\n"));
        const said = parsed.ok ? parsed.edits.map((one) => one.path) : [parsed.rejection.detail];
        expect(said).not.toHaveLength(0);
        expect(said).not.toContain("");
      }),
    );
  });

  test("what it writes itself", () => {
    const line = fc.string().filter((text) => !/^\s*(?:[<>=#`~])/.test(text) && !/[\r\n]/.test(text));
    const text = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(
        text.filter((one) => one !== ""),
        text.filter((one) => one !== ""),
        (search, replace) => {
          expect(edits(block("a.py", edit(search, replace)))).toEqual([
            ["a.py", `${search}\n`, `${replace}\n`],
          ]);
        },
      ),
    );
  });

  test.each([
    ["angle brackets", "<".repeat(1_000_000)],
    ["spaces", `<<< MODIFIED FILE:${" ".repeat(999_000)}x`],
    ["open marks", "<<<<<<< SEARCH\n".repeat(60_000)],
    ["hashes", `# ${"#".repeat(900_000)} x`],
    ["file marks", "<<< MODIFIED FILE: a >>>\n".repeat(39_000)],
    ["short lines", "<\n".repeat(450_000)],
  ])("a megabyte of %s in under two seconds", (_, garbage) => {
    const started = process.cpuUsage();

    expect(parseEdits(garbage).ok).toBe(false);

    expect(process.cpuUsage(started).user).toBeLessThan(2000_000);
  });
});
