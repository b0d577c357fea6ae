import { describe, expect, test } from "vitest";
import type { CanaryPlan, TestPlan } from "../../../src/languages/language.ts";
import { createPython } from "../../../src/languages/python/python.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";
import { runPlan, withoutPytest, withoutPython } from "./run-plan.ts";

const python = await createPython();
const token = "0123456789abcdef7654321001234567";

type Files = Readonly<Record<string, string>>;

async function plansOf(
  files: Files,
  command: string | null = null,
): Promise<{ readonly plan: TestPlan; readonly canary: CanaryPlan | null }> {
  const checkout = memoryCheckout(files);
  const plan = await python.planTests(checkout, { suspects: [], command, maxFiles: 20 });
  if (plan === null) throw new Error("no plan");
  return { plan, canary: await python.canary(checkout, plan, token) };
}

/** Statuses in a run, with the canary's two under names of their own. */
async function runOf(files: Files, which: "first" | "second"): Promise<Record<string, string>> {
  const { canary } = await plansOf(files);
  if (canary === null) throw new Error("no canary");
  const report = python.readTestReport(
    runPlan(canary, { ...files, [canary.module.path]: canary.module[which] }),
  );
  expect([report.crashed, report.doubt]).toEqual([null, undefined]);
  expect(report.results.filter(({ id }) => id.includes(canary.mark))).toHaveLength(2);
  const names = new Map([
    [canary.passes, "PASSES"],
    [canary.fails, "FAILS"],
  ]);
  return Object.fromEntries(report.results.map(({ id, status }) => [names.get(id) ?? id, status]));
}

const secondRun = (files: Files) => runOf(files, "second");

const unittestCase = "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n";

test("a command of the settings has no canary", async () => {
  expect((await plansOf({ "tests/test_a.py": "" }, "python3 -m pytest tests")).canary).toBeNull();
});

test("the canary's two runs have texts of one length, and all tests of the plan beside them", async () => {
  const { plan, canary } = await plansOf({
    "tests/test_a.py": unittestCase,
    "tests/test_b.py": unittestCase,
  });

  expect(canary?.script).toBe(
    plan.script.replace("tests/test_b.py", `tests/test_b.py ${canary?.module.path ?? ""}`),
  );
  expect([canary?.files, canary?.report]).toEqual([plan.files, plan.report]);
  expect(canary?.module.first).toHaveLength(canary?.module.second.length ?? 0);
  expect(canary?.module.first).not.toBe(canary?.module.second);
});

describe.skipIf(withoutPython)("a canary of unittest (needs python3)", () => {
  test("runs with all selected files, and fails in the second run only", async () => {
    const files = { "tests/test_a.py": unittestCase, "tests/test_b.py": unittestCase };
    const own = { "test_a.A.test_a": "passed", "test_b.A.test_a": "passed" };

    expect(await runOf(files, "first")).toEqual({ ...own, PASSES: "passed", FAILS: "passed" });
    expect(await runOf(files, "second")).toEqual({ ...own, PASSES: "passed", FAILS: "failed" });
  });

  test("has the name that its package gives it", async () => {
    const files = {
      "shop/__init__.py": "",
      "shop/tests/__init__.py": "",
      "shop/tests/test_a.py": unittestCase,
    };

    expect(await secondRun(files)).toEqual({
      "shop.tests.test_a.A.test_a": "passed",
      PASSES: "passed",
      FAILS: "failed",
    });
  });

  test("goes through Django's runner by its label", async () => {
    const { canary } = await plansOf({
      "django/__init__.py": "",
      "tests/runtests.py": "",
      "tests/test_sqlite.py": "",
      "tests/delete/__init__.py": "",
      "tests/delete/tests.py": unittestCase,
    });

    expect(canary?.script).toContain(" delete.tests delete.test_01234567\n");
    expect(canary?.fails).toBe("delete.test_01234567.TestLength.test_76543210");
  });
});

describe.skipIf(withoutPytest)("a canary of pytest (needs pytest)", () => {
  const cases = "def test_a(): pass\n";

  test.each<[string, Files, string]>([
    ["in a folder whose name has a blank", { "a b/test_a.py": cases }, "a b.test_a::test_a"],
    [
      "in a project inside the project",
      { "sub/pytest.ini": "", "sub/tests/test_a.py": cases },
      "tests.test_a::test_a",
    ],
    [
      "below a pytest.toml, even an empty one",
      { "sub/pytest.toml": "", "sub/tests/test_a.py": cases },
      "tests.test_a::test_a",
    ],
    [
      "with the root that all selected files share",
      { "sub/pytest.ini": "", "sub/tests/test_a.py": cases, "tests/test_b.py": cases },
      "sub.tests.test_a::test_a",
    ],
    [
      "under a pyproject.toml",
      { "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-q'\n", "tests/test_a.py": cases },
      "tests.test_a::test_a",
    ],
    [
      "whose options want a plugin that is missing",
      { "setup.cfg": "[tool:pytest]\naddopts = --no-such-option\n", "tests/test_a.py": cases },
      "tests.test_a::test_a",
    ],
  ])("is found %s", async (_, files, id) => {
    expect(await runOf(files, "first")).toMatchObject({ [id]: "passed", PASSES: "passed", FAILS: "passed" });
    expect(await secondRun(files)).toMatchObject({ [id]: "passed", PASSES: "passed", FAILS: "failed" });
  });
});
