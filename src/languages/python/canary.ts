import type { Checkout } from "../../ports/workspace.ts";
import { quote } from "../shell.ts";
import type { CanaryPlan, TestPlan } from "../language.ts";
import { pytestRoot, type PytestRoot } from "./pytest-root.ts";
import { reporterFile, runnerCommand, runnerOf, type Runner } from "./test-commands.ts";

const report = "second-report";
const aside = "second.txt";

/**
 * The first selected file, the nearest to the suspects, once more together with a module whose outcome is known. Nothing
 * but `token` tells that module from the project's own. A command of the settings may run anything, so it has none.
 */
export async function pythonCanary(
  checkout: Checkout,
  plan: TestPlan,
  token: string,
): Promise<CanaryPlan | null> {
  const [test] = plan.selected;
  const runner = runnerOf(plan.command);
  if (test === undefined || runner === null) return null;
  const [name, good, bad] = [0, 8, 16].map((from) => `test_${token.slice(from, from + 8)}`);
  if (name === undefined || good === undefined || bad === undefined) return null;
  const folder = test.split("/").slice(0, -1);
  const path = [...folder, `${name}.py`].join("/");

  const prepare = `cp "$COPATCHER_ASIDE/${aside}" ./${quote(path)} || exit\n`;
  const root = await pytestRoot(checkout, plan.selected);
  const { script } = runnerCommand(runner, { files: [test, path], report, root, prepare });
  const idOf = await identify(checkout, runner, path, root);
  return {
    script,
    report,
    files: [
      ...plan.files.filter((file) => file.path === reporterFile),
      { place: "aside", path: aside, content: moduleText(runner, good, bad) },
    ],
    passes: idOf(good),
    fails: idOf(bad),
  };
}

const moduleText = (runner: Runner, good: string, bad: string): string =>
  runner === "pytest"
    ? `def ${good}():
    assert len("${good}") == ${good.length}


def ${bad}():
    assert len("${bad}") == ${bad.length - 1}
`
    : `import unittest


class TestLength(unittest.TestCase):
    def ${good}(self):
        self.assertEqual(len("${good}"), ${good.length})

    def ${bad}(self):
        self.assertEqual(len("${bad}"), ${bad.length - 1})
`;

/** How the runner's report names a test of the file at `path`. */
async function identify(
  checkout: Checkout,
  runner: Runner,
  path: string,
  { folder }: PytestRoot,
): Promise<(test: string) => string> {
  const parts = path.slice(0, -".py".length).split("/");
  if (runner === "pytest") {
    const below = parts.slice(folder === "" ? 0 : folder.split("/").length);
    return (test) => `${below.join(".")}::${test}`;
  }
  const packages = new Set((await checkout.entries()).map((entry) => entry.path));
  let top = parts.length - 1;
  while (top > 0 && packages.has(`${parts.slice(0, top).join("/")}/__init__.py`)) top -= 1;
  const module = runner === "django" ? parts.slice(1) : parts.slice(top);
  return (test) => `${module.join(".")}.TestLength.${test}`;
}
