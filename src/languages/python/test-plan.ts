import type { Checkout } from "../../ports/workspace.ts";
import type { TestPlan, TestSelection } from "../language.ts";
import { commandPlan } from "../command-plan.ts";
import { pathArgument } from "../shell.ts";
import { selectTests, testFiles } from "../test-selection.ts";
import { isTestModule } from "./paths.ts";
import { importableTree } from "./shell.ts";
import { pythonAffinity } from "./test-affinity.ts";

const report = "test-report";
const reporterFile = "unittest_report.py";
const prologue = `${importableTree}\nreport="$COPATCHER_OUT/${report}"\n`;
const reporterCommand = `python3 "$COPATCHER_ASIDE/${reporterFile}" "$report"`;

/** Configuration that makes a project one of pytest's, and the text in the file that says so. */
const pytestConfigurations: ReadonlyArray<readonly [string, string]> = [
  ["pytest.ini", "[pytest]"],
  ["pyproject.toml", "[tool.pytest"],
  ["tox.ini", "[pytest]"],
  ["setup.cfg", "[tool:pytest]"],
];

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

  if (await isDjango(checkout)) {
    const own = all.filter((path) => /^tests\/\w+\/(\w+\/)*\w+\.py$/.test(path));
    const selected = await selectTests(checkout, own, selection.suspects, selection.maxFiles, pythonAffinity);
    return selected.length === 0 ? null : { ...djangoPlan(selected), report, files: aside, selected };
  }
  const selected = await selectTests(checkout, all, selection.suspects, selection.maxFiles, pythonAffinity);
  if (selected.length === 0) return null;
  const plan = (await usesPytest(checkout, selected)) ? pytestPlan(selected) : unittestPlan(selected);
  return { ...plan, report, files: aside, selected };
}

const exports = `${importableTree}
export PYTEST_ADDOPTS="$PYTEST_ADDOPTS -p no:cacheprovider --junitxml=$report"`;

type Commands = { readonly command: string; readonly script: string };

function djangoPlan(files: readonly string[]): Commands {
  const labels = files.map((path) => path.slice("tests/".length, -".py".length).replaceAll("/", "."));
  const runner = `tests/runtests.py --settings=test_sqlite --parallel 1 ${labels.join(" ")}`;
  return {
    command: `python3 ${runner}`,
    script: `${prologue}exec ${reporterCommand} script ${runner}\n`,
  };
}

function pytestPlan(files: readonly string[]): Commands {
  const paths = files.map(pathArgument).join(" ");
  return {
    command: `python3 -m pytest ${paths}`,
    script: `${prologue}if ! python3 -c 'import pytest'; then
  echo 'pytest is not installed: running only what unittest finds' >&2
  exec ${reporterCommand} unittest ${paths}
fi
run() { python3 -m pytest -q -p no:cacheprovider --continue-on-collection-errors --junitxml="$report" "$@" ${paths}; }
run
code=$?
# A usage error: the project's own options want plugins that are not installed here.
if [ "$code" -eq 4 ]; then run -o addopts=; code=$?; fi
exit "$code"
`,
  };
}

function unittestPlan(files: readonly string[]): Commands {
  const paths = files.map(pathArgument).join(" ");
  return {
    command: `python3 -m unittest ${paths}`,
    script: `${prologue}exec ${reporterCommand} unittest ${paths}\n`,
  };
}

async function isDjango(checkout: Checkout): Promise<boolean> {
  const paths = new Set((await checkout.entries()).map((entry) => entry.path));
  return ["django/__init__.py", "tests/runtests.py", "tests/test_sqlite.py"].every((path) => paths.has(path));
}

async function usesPytest(checkout: Checkout, tests: readonly string[]): Promise<boolean> {
  const paths = (await checkout.entries()).map((entry) => entry.path);
  if (paths.some((path) => /(^|\/)conftest\.py$/.test(path))) return true;
  for (const [path, section] of pytestConfigurations) {
    if (paths.includes(path) && (await text(checkout, path)).includes(section)) return true;
  }
  const texts = await Promise.all(tests.map((path) => text(checkout, path)));
  return texts.some((source) =>
    /^\s*(import|from) pytest\b|^(async )?def test_|^class Test\w*:/m.test(source),
  );
}

const text = async (checkout: Checkout, path: string): Promise<string> =>
  Buffer.from((await checkout.read(path)) ?? []).toString("utf8");
