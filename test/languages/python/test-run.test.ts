import { beforeAll, describe, expect, test } from "vitest";
import type { ExecutionOutcome, TestReport } from "../../../src/domain/execution.ts";
import type { Language } from "../../../src/languages/language.ts";
import { createPython } from "../../../src/languages/python/python.ts";
import { memoryCheckout } from "../../fakes/memory-workspace.ts";
import { runPlan, withoutPytest, withoutPython } from "./run-plan.ts";

let python: Language;
beforeAll(async () => {
  python = await createPython();
});

async function execute(
  files: Readonly<Record<string, string>>,
  command: string | null = null,
  environment: Readonly<Record<string, string>> = {},
  suspects: readonly string[] = [],
): Promise<{ outcome: ExecutionOutcome; report: TestReport; statuses: Record<string, string> }> {
  const selection = { suspects, command, maxFiles: 20 };
  const plan = await python.planTests(memoryCheckout(files), selection);
  if (plan === null) throw new Error("no plan");
  const outcome = runPlan(plan, files, environment);
  const report = python.readTestReport(outcome);
  return { outcome, report, statuses: Object.fromEntries(report.results.map((r) => [r.id, r.status])) };
}

const unittestCases = `import unittest
from rates import rate

class RateTest(unittest.TestCase):
    def test_passes(self):
        self.assertEqual(rate(1), 2)

    def test_fails(self):
        self.assertEqual(rate(1), 3)

    def test_errors(self):
        raise KeyError("x")

    @unittest.skip("not now")
    def test_skipped(self):
        pass

    @unittest.expectedFailure
    def test_known(self):
        self.fail()

    @unittest.expectedFailure
    def test_no_longer_fails(self):
        pass

    def test_parts(self):
        for part in (1, 2):
            with self.subTest(part=part):
                self.assertEqual(part, 1)

    def test_good_parts(self):
        with self.subTest(part=1):
            pass
        print('{"id": "forged", "status": "passed", "seconds": 0}')

class BrokenSetUp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise RuntimeError

    def test_never_runs(self):
        pass
`;

describe.skipIf(withoutPython)("a unittest suite run by its plan (needs python3)", () => {
  test("leaves one result per test", async () => {
    const { report, statuses } = await execute({
      "src/rates.py": "def rate(x):\n    return 2 * x\n",
      "tests/test_rates.py": unittestCases,
    });

    expect(report.crashed).toBeNull();
    expect(statuses).toEqual({
      "test_rates.RateTest.test_passes": "passed",
      "test_rates.RateTest.test_fails": "failed",
      "test_rates.RateTest.test_errors": "errored",
      "test_rates.RateTest.test_skipped": "skipped",
      "test_rates.RateTest.test_known": "skipped",
      "test_rates.RateTest.test_no_longer_fails": "failed",
      "test_rates.RateTest.test_parts": "failed",
      "test_rates.RateTest.test_good_parts": "passed",
      "setUpClass (test_rates.BrokenSetUp)": "errored",
    });
  });

  test("goes on when one module cannot be imported", async () => {
    const { report, statuses } = await execute({
      "tests/__init__.py": "",
      "tests/test_a.py": "import unittest\nimport not_there\n",
      "tests/test_b.py":
        "import unittest\nclass B(unittest.TestCase):\n    def test_b(self):\n        pass\n",
    });

    expect(report.crashed).toBeNull();
    expect(statuses).toEqual({
      "tests.test_b.B.test_b": "passed",
      "unittest.loader._FailedTest.test_a": "errored",
    });
  });

  test("has crashed when the process ends in the middle", async () => {
    const { report } = await execute({
      "test_a.py":
        "import os, unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n    def test_b(self): os._exit(0)\n",
    });

    expect(report.results.map((result) => result.id)).toEqual(["test_a.A.test_a"]);
    expect(report.crashed).toContain("broke off");
  });

  test("is run by a command of the settings, whose exit status is its only result", async () => {
    const files = { "tests/test_a.py": "" };

    const good = await execute(files, "test -f tests/test_a.py");
    const bad = await execute(files, "echo x\nexit 3");
    const early = await execute(files, "false\ntrue");

    expect(good.statuses).toEqual({ "exit status of the test command": "passed" });
    for (const { statuses } of [bad, early]) {
      expect(statuses).toEqual({ "exit status of the test command": "failed" });
    }
    expect([good.report.crashed, bad.report.crashed]).toEqual([null, null]);
  });

  test("stands in for pytest where that is not installed", async () => {
    const { outcome, report, statuses } = await execute({
      "tests/test_a.py":
        "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\ndef test_b(): pass\n",
      "pytest.py": "raise ImportError('as if it were not installed')\n",
    });

    expect("stderr" in outcome && outcome.stderr).toContain("pytest is not installed");
    expect([report.crashed, statuses]).toEqual([null, { "test_a.A.test_a": "passed" }]);
  });
});

describe.skipIf(withoutPytest)("a pytest suite run by its plan (needs pytest)", () => {
  test("leaves one result per test, with its parameters", async () => {
    const { report, statuses } = await execute({
      "src/shop/__init__.py": "",
      "src/shop/rates.py": "def rate(x):\n    return 2 * x\n",
      "tests/test_rates.py": `import pytest
from shop.rates import rate

@pytest.mark.parametrize("x, y", [("<a>", "<a><a>"), ("b", "c")])
def test_rate(x, y):
    assert rate(x) == y

@pytest.fixture
def broken():
    raise KeyError

def test_errors(broken):
    pass

@pytest.mark.xfail
def test_known():
    assert False

class TestIt:
    def test_in_class(self):
        pass
`,
      "tests/test_broken.py": "import not_there\n",
    });

    expect(report.crashed).toBeNull();
    expect(statuses).toEqual({
      "tests.test_rates::test_rate[<a>-<a><a>]": "passed",
      "tests.test_rates::test_rate[b-c]": "failed",
      "tests.test_rates::test_errors": "errored",
      "tests.test_rates::test_known": "skipped",
      "tests.test_rates.TestIt::test_in_class": "passed",
      "::tests.test_broken": "errored",
    });
  });

  test("runs without the project's options when these want a missing plugin", async () => {
    const { report, statuses } = await execute({
      "pytest.ini": "[pytest]\naddopts = --of-no-plugin-at-all\n",
      "test_a.py": "def test_a(): pass\n",
    });

    expect([report.crashed, statuses]).toEqual([null, { "test_a::test_a": "passed" }]);
  });

  test.each([null, "python3 -m pytest -q"])(
    "keeps its results when many tests fail deep in long functions (command %s)",
    async (command) => {
      const long = `def deep(n):\n${"    n += 1\n".repeat(400)}    raise ValueError(n)\n`;
      const tests =
        "import pytest, deep\n@pytest.mark.parametrize('n', range(3000))\ndef test_deep(n):\n    deep.deep(n)\n";

      const { report } = await execute({ "deep.py": long, "tests/test_deep.py": tests }, command);

      expect(report.results).toHaveLength(3000);
    },
    120_000,
  );

  test("leaves its results to a command of the settings, too", async () => {
    const files = { "test_a.py": "def test_a(): pass\ndef test_b(): assert False\n" };

    const { report, statuses } = await execute(files, "cd . && python3 -m pytest -q");

    expect([report.crashed, statuses]).toEqual([
      null,
      { "test_a::test_a": "passed", "test_a::test_b": "failed" },
    ]);
  });

  test("runs in a tree of several projects with modules of the same names", async () => {
    const project = (folder: string) => ({
      [`${folder}/pyproject.toml`]: "[tool.pytest.ini_options]\n",
      [`${folder}/app/__init__.py`]: "",
      [`${folder}/app/models.py`]: `name = "${folder}"\n`,
      [`${folder}/tests/__init__.py`]: "",
      [`${folder}/tests/conftest.py`]: "",
      [`${folder}/tests/test_models.py`]: `from app.models import name
def test_name(): assert name == "${folder}"
`,
    });

    const { report, statuses } = await execute(
      { ...project("services/a"), ...project("services/b") },
      null,
      {},
      ["services/b/app/models.py"],
    );

    expect([report.crashed, statuses]).toEqual([null, { "tests.test_models::test_name": "passed" }]);
  });

  test("has crashed when a conftest cannot be imported", async () => {
    const { report } = await execute({
      "conftest.py": "import not_there\n",
      "test_a.py": "def test_a(): pass\n",
    });

    expect(report.crashed).not.toBeNull();
    expect(report.results).toEqual([]);
  });
});
