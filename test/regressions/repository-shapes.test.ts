import { describe, expect, test } from "vitest";
import { mergeLocations } from "../../src/domain/merge-locations.ts";
import { parseLocations } from "../../src/domain/parse-locations.ts";
import { createJava } from "../../src/languages/java/java.ts";
import type { Language } from "../../src/languages/language.ts";
import { createPython } from "../../src/languages/python/python.ts";
import { resolveLocations } from "../../src/pipeline/localize.ts";
import { fixableFiles, renderTree } from "../../src/pipeline/repository-tree.ts";
import { createSourceReader } from "../../src/pipeline/source-files.ts";
import { memoryCheckout } from "../fakes/memory-workspace.ts";

const python = await createPython();
const java = await createJava();

const fixable = (paths: readonly string[]): readonly string[] =>
  fixableFiles(
    paths.map((path) => ({ path, kind: "file", size: 1, blob: "" })),
    python,
  );

describe("the files that a model may choose from", () => {
  test("hold those at the root beside the package of the repository's name", () => {
    const paths = ["flask/app.py", "setup.py", "flask.py"];

    expect(fixable(paths)).toEqual(paths);
    expect(renderTree(paths, "", 1_000)).toBe("flask.py\nflask/\n    app.py\nsetup.py");
  });

  test("hold folders with a dot in their names", () => {
    expect(fixable(["docs.d/conf.py", "v1.2/api.py"])).toEqual(["docs.d/conf.py", "v1.2/api.py"]);
    expect(renderTree(["v1.2/api.py"], "", 1_000)).toBe("v1.2/\n    api.py");
  });

  test("hold the test frameworks that a project ships, and not its own tests", () => {
    const shipped = ["flask/testing.py", "django/test/client.py", "numpy/testing/_private/utils.py"];

    expect(fixable([...shipped, "tests/test_testing.py", "numpy/core/tests/test_a.py"])).toEqual(shipped);
  });
});

describe("a file", () => {
  test("that this version of Python would not parse has its text, its lines and its functions", async () => {
    const text = 'print "Python 2"\n\n\ndef f():\n    exec "x = 1"\n';
    const checkout = memoryCheckout({ "old.py": text });

    expect(await createSourceReader(checkout)("old.py")).toEqual({ text });
    expect(python.structure(text)).toMatchObject({ lines: 5, definitions: [{ name: "f" }] });
  });

  test("that is not UTF-8 is said to be no text, not to be empty", async () => {
    const latin = new Uint8Array([0x23, 0x20, 0xe9, 0x0a]);

    expect(await createSourceReader(memoryCheckout({ "latin.py": latin }))("latin.py")).toEqual({
      missing: "not-text",
    });
  });

  test("with definitions and imports inside of if and try keeps them in its skeleton", () => {
    const text =
      "try:\n    import json\nexcept ImportError:\n    json = None\n\nif json:\n    def load(text):\n        return json.loads(text)\n";

    expect(python.skeleton(text)).toBe(text.replace("return json.loads(text)", "..."));
  });
});

describe("a place that a model names", () => {
  const structure = python.structure(
    "import os\n\n\nclass A:\n    async def load(self):\n        pass\n\n\ndef get():\n    pass\n\n\ndef get_all():\n    pass\n",
  );
  const named = (kind: "class" | "function" | "variable", name: string) =>
    resolveLocations({ kind, path: "a.py", name }, structure);
  const line = (first: number, last: number) =>
    resolveLocations({ kind: "line", path: "a.py", range: { first, last } }, structure);

  test("may be an async function", () => {
    expect(named("function", "A.load")).toEqual([{ first: 5, last: 6 }]);
    expect(named("function", "load")).toEqual([{ first: 5, last: 6 }]);
  });

  test("is not lost because another one's name begins with its own", () => {
    expect(named("function", "get")).toEqual([{ first: 9, last: 10 }]);
    expect(named("function", "get_all")).toEqual([{ first: 13, last: 14 }]);
    expect(named("function", "ge")).toEqual([]);
  });

  test("ends where the file does, and is none behind its end", () => {
    expect(line(13, 99)).toEqual([{ first: 13, last: 14 }]);
    expect(line(15, 15)).toEqual([]);
    expect(line(500, 2)).toEqual([]);
  });
});

describe("a name that several definitions have means all of them", () => {
  const places = (language: Language, text: string, answer: string) =>
    mergeLocations([parseLocations(answer, ["a"])], (location) =>
      resolveLocations(location, language.structure(text)),
    ).map(({ range }) => [range.first, range.last]);

  test("where they are overloads, of which the answer names one by its arguments", () => {
    const text =
      "class A {\n  int price(int a) {\n    return a;\n  }\n\n  long price(long a) {\n    return 2 * a;\n  }\n}\n";

    expect(places(java, text, "```\na\nfunction: A.price(long a)\n```")).toEqual([
      [2, 4],
      [6, 8],
    ]);
  });

  test("where they read and write a property", () => {
    const text =
      "class A:\n    @property\n    def x(self):\n        return 1\n\n    @x.setter\n    def x(self, to):\n        pass\n";

    expect(places(python, text, "```\na\nfunction: A.x\n```")).toEqual([
      [2, 4],
      [6, 8],
    ]);
  });

  test("where they are methods of two classes, and no function has it alone", () => {
    const text = "class A:\n    def get(self): ...\n\nclass B:\n    def get(self): ...\n";

    expect(places(python, text, "```\na\nfunction: get\n```")).toEqual([
      [2, 2],
      [5, 5],
    ]);
    expect(places(python, `${text}\ndef get(): ...\n`, "```\na\nfunction: get\n```")).toEqual([[7, 7]]);
  });

  test("as many as leave room for other places", () => {
    const text = Array.from({ length: 100 }, (_, nth) => `class A${nth}:\n    def get(self): ...\n`).join("");
    const long = `def get():\n${"    pass\n".repeat(500)}`;

    expect(places(python, text, "```\na\nfunction: get\n```")).toHaveLength(14);
    expect(places(python, long, "```\na\nfunction: get\n```")).toEqual([[1, 501]]);
  });
});
