import type { Checkout } from "../../ports/workspace.ts";
import type { TestPlan, TestSelection } from "../language.ts";
import { commandPlan } from "../command-plan.ts";
import { selectTests, testFiles } from "../test-selection.ts";
import { isTestModule } from "./paths.ts";
import { projectTests } from "./project-tests.ts";
import { pytestRoot, textOf } from "./pytest-root.ts";
import { importableTree } from "./shell.ts";
import { pythonAffinity } from "./test-affinity.ts";
import { reporterFile, runnerCommand, shortTraces } from "./test-commands.ts";

const report = "test-report";

/**
 * How the repository's tests are run: the command of its settings, Django's own runner, pytest or unittest, on the test
 * files nearest to the suspects. `reporter` is the text of unittest_report.py.
 */
export async function planPythonTests(
  checkout: Checkout,
  selection: TestSelection,
  reporter: string,
): Promise<TestPlan | null> {
  if (selection.command !== null) return commandPlan(selection.command, report, exports);
  const aside = [{ place: "aside" as const, path: reporterFile, content: reporter }];
  const all = await testFiles(checkout, isTestModule);

  const django = await isDjango(checkout);
  const own = django
    ? all.filter((path) => /^tests\/\w+\/(\w+\/)*\w+\.py$/.test(path))
    : await projectTests(checkout, all, selection.suspects);
  const selected = await selectTests(checkout, own, selection.suspects, selection.maxFiles, pythonAffinity);
  if (selected.length === 0) return null;
  const root = await pytestRoot(checkout, selected);
  const pytest = root.file !== null || (await usesPytest(checkout, selected));
  const runner = django ? "django" : pytest ? "pytest" : "unittest";
  const commands = runnerCommand(runner, { files: selected, report, root });
  return { ...commands, report, files: aside, selected };
}

const exports = `${importableTree}
export PYTEST_ADDOPTS="$PYTEST_ADDOPTS -p no:cacheprovider ${shortTraces} --junitxml=$report"`;

async function isDjango(checkout: Checkout): Promise<boolean> {
  const paths = new Set((await checkout.entries()).map((entry) => entry.path));
  return ["django/__init__.py", "tests/runtests.py", "tests/test_sqlite.py"].every((path) => paths.has(path));
}

async function usesPytest(checkout: Checkout, tests: readonly string[]): Promise<boolean> {
  const paths = (await checkout.entries()).map((entry) => entry.path);
  if (paths.some((path) => /(^|\/)conftest\.py$/.test(path))) return true;
  const texts = await Promise.all(tests.map((path) => textOf(checkout, path)));
  return texts.some((source) =>
    /^[ \t]*(import|from) pytest\b|^(async )?def test_|^class Test\w*:/m.test(source),
  );
}
