import { beforeAll, describe, expect, test } from "vitest";
import type { Language, TestPlan, TestSelection } from "../../../src/languages/language.ts";
import { createPython } from "../../../src/languages/python/python.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";

let python: Language;
beforeAll(async () => {
  python = await createPython();
});

const plan = (
  files: Readonly<Record<string, string>>,
  selection: Partial<TestSelection> = {},
): Promise<TestPlan | null> =>
  python.planTests(memoryCheckout(files), { suspects: [], command: null, maxFiles: 20, ...selection });

const many = (count: number, content: string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tests/test_m${index}.py`, content]));

const caseText = "import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        pass\n";

describe("the runner of a test plan", () => {
  test("is the command of the settings when there is one", async () => {
    const own = await plan({ "tests/test_a.py": "import pytest\n" }, { command: "make check" });

    expect(own?.command).toBe("make check");
    expect(own?.script).toContain("\nmake check\n");
  });

  test("is nothing where there are no tests", async () => {
    expect(await plan({ "shop/rates.py": "x = 1\n", "tests/data.json": "{}" })).toBeNull();
  });

  test.each([
    ["a configuration in pytest.ini", { "pytest.ini": "[pytest]\n" }],
    ["a pytest.toml, even an empty one", { "pytest.toml": "" }],
    ["a hidden pytest.toml", { ".pytest.toml": "" }],
    ["a hidden pytest.ini", { ".pytest.ini": "" }],
    ["a configuration in pyproject.toml", { "pyproject.toml": "[tool.pytest.ini_options]\n" }],
    ["a configuration in setup.cfg", { "setup.cfg": "[tool:pytest]\n" }],
    ["a conftest.py", { "tests/conftest.py": "" }],
    ["a configuration beside the tests", { "tests/pytest.ini": "" }],
    ["an import of pytest", { "tests/test_b.py": "import pytest\n" }],
    ["a test function at the top level", { "tests/test_b.py": "def test_b():\n    pass\n" }],
    ["a test class of no TestCase", { "tests/test_b.py": "class TestB:\n    def test_b(self): pass\n" }],
  ])("is pytest where there is %s", async (_, files) => {
    expect((await plan({ "tests/test_a.py": caseText, ...files }))?.command).toMatch(/^python3 -m pytest /);
  });

  test("is unittest where nothing speaks of pytest", async () => {
    const own = await plan({ "tests/test_a.py": caseText, "setup.cfg": "[metadata]\n" });

    expect(own?.command).toBe("python3 -m unittest tests/test_a.py");
  });

  test("is Django's own in Django's repository, with labels", async () => {
    const own = await plan({
      "django/__init__.py": "",
      "django/test/client.py": "",
      "tests/runtests.py": "",
      "tests/test_sqlite.py": "",
      "tests/delete/tests.py": caseText,
      "tests/migrations/test_writer.py": caseText,
      "tests/migrations/models.py": "",
    });

    expect(own?.command).toBe(
      "python3 tests/runtests.py --settings=test_sqlite --parallel 1 delete.tests migrations.test_writer",
    );
  });

  test("gets file names as single words that are no options", async () => {
    const own = await plan({ "tests/test_a b'; touch x.py": caseText, "-c/test_c.py": caseText });

    expect(own?.script).toContain(`unittest ./-c/test_c.py 'tests/test_a b'\\''; touch x.py'`);
  });
});

describe("the selection of a test plan", () => {
  test("is the whole suite when it is small", async () => {
    const own = await plan({ ...many(3, caseText), "shop/m1.py": "" }, { suspects: ["shop/m1.py"] });

    expect(own?.selected).toEqual(["tests/test_m0.py", "tests/test_m1.py", "tests/test_m2.py"]);
  });

  test("starts with the tests named after the suspects", async () => {
    const own = await plan(
      { ...many(30, caseText), "shop/m17.py": "", "shop/m4.py": "" },
      { suspects: ["shop/m17.py", "shop/m4.py"], maxFiles: 4 },
    );

    expect(own?.selected.slice(0, 2)).toEqual(["tests/test_m17.py", "tests/test_m4.py"]);
    expect(own?.selected).toHaveLength(4);
  });

  test.each(["import shop.rates as r\n", "from shop.rates import rate\n", "from shop import rates\n"])(
    "starts with the tests that import a suspect by %j",
    async (line) => {
      const own = await plan(
        { ...many(30, caseText), "tests/test_z.py": line + caseText, "src/shop/rates.py": "" },
        { suspects: ["src/shop/rates.py"], maxFiles: 3 },
      );

      expect(own?.selected[0]).toBe("tests/test_z.py");
    },
  );

  test("prefers tests that talk of the same things", async () => {
    const own = await plan(
      {
        ...many(30, `${caseText}# parcels and letters\n`),
        "tests/test_z.py": `${caseText}# load_middleware adapts MiddlewareNotUsed\n`,
        "shop/core.py": "class MiddlewareNotUsed: pass\ndef load_middleware(): pass\n",
      },
      { suspects: ["shop/core.py"], maxFiles: 3 },
    );

    expect(own?.selected[0]).toBe("tests/test_z.py");
  });

  test("leaves out the tests of example projects", async () => {
    const own = await plan({ "tests/test_a.py": caseText, "examples/tutorial/tests/test_b.py": caseText });

    expect(own?.selected).toEqual(["tests/test_a.py"]);
  });

  const projects = {
    "services/a/pytest.ini": "[pytest]\n",
    "services/a/app/models.py": "",
    "services/a/tests/test_models.py": caseText,
    "services/b/pyproject.toml": "",
    "services/b/app/models.py": "",
    "services/b/tests/test_models.py": caseText,
    "services/untested/setup.py": "",
    "tests/test_all.py": caseText,
  };

  test.each([
    [
      "a project",
      ["services/a/app/models.py", "services/b/app/models.py"],
      ["services/a/tests/test_models.py"],
    ],
    ["the first project that has any", ["services/untested/x.py", "x.py"], ["tests/test_all.py"]],
    ["one test", ["services/b/tests/test_models.py"], ["services/b/tests/test_models.py"]],
  ])("is that of %s among several", async (_, suspects, selected) => {
    expect((await plan(projects, { suspects }))?.selected).toEqual(selected);
  });

  test("is the whole suite where no suspect's project has tests", async () => {
    const own = await plan(projects, { suspects: ["services/untested/x.py"] });

    expect(own?.selected).toHaveLength(3);
  });

  test.each([
    ["the tests' own configuration", { "tests/pytest.ini": "", "tests/test_a.py": "", "test_b.py": "" }],
    [
      "a package's setup.py",
      { "shop/setup.py": "", "shop/__init__.py": "", "shop/tests.py": "", "test_b.py": "" },
    ],
  ])("takes %s for no project", async (_, files) => {
    expect((await plan(files, { suspects: ["shop/rates.py"] }))?.selected).toHaveLength(2);
  });

  test("is the same each time", async () => {
    const files = { ...many(40, caseText), "shop/a.py": "x = 1\n" };
    const selection = { suspects: ["shop/a.py", "shop/gone.py"], maxFiles: 5 };

    expect((await plan(files, selection))?.selected).toEqual((await plan(files, selection))?.selected);
  });
});
