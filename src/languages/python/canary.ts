import type { Checkout } from "../../ports/workspace.ts";
import { otherNumber } from "../canary-text.ts";
import type { CanaryPlan, TestPlan } from "../language.ts";
import { pytestRoot, type PytestRoot } from "./pytest-root.ts";
import { runnerCommand, runnerOf, type Runner } from "./test-commands.ts";

/**
 * A module whose outcome is known beside the first selected file, the nearest to the suspects. Nothing but `token` tells it
 * from the project's own. A command of the settings may run anything, so it has none.
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

  const root = await pytestRoot(checkout, plan.selected);
  const { report } = plan;
  // Last, so that a project that stops at the first failure has run all others by then.
  const { script } = runnerCommand(runner, { files: [...plan.selected, path], report, root });
  const idOf = await identify(checkout, runner, path, root);
  const [right, wrong] = [bad.length, otherNumber(bad.length)];
  return {
    script,
    report,
    files: plan.files,
    module: {
      path,
      first: moduleText(runner, good, bad, right),
      second: moduleText(runner, good, bad, wrong),
    },
    mark: name,
    passes: idOf(good),
    fails: idOf(bad),
  };
}

const moduleText = (runner: Runner, good: string, bad: string, length: number): string =>
  runner === "pytest"
    ? `def ${good}():
    assert len("${good}") == ${good.length}


def ${bad}():
    assert len("${bad}") == ${length}
`
    : `import unittest


class TestLength(unittest.TestCase):
    def ${good}(self):
        self.assertEqual(len("${good}"), ${good.length})

    def ${bad}(self):
        self.assertEqual(len("${bad}"), ${length})
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
