import type { Checkout } from "../../ports/workspace.ts";
import type { CanaryPlan, TestPlan, TestSelection } from "../language.ts";
import { otherNumber } from "../canary-text.ts";
import { commandPlan } from "../command-plan.ts";
import { pathArgument } from "../shell.ts";
import { importPath, relative, type GoModule } from "./modules.ts";
import { folderOf } from "./paths.ts";
import { selectPackages, type TestPackage } from "./package-selection.ts";
import { goSettings } from "./shell.ts";

const report = "test-report";

/** `go test -json` on the packages nearest to the suspects, or the command of the settings. */
export async function planGoTests(checkout: Checkout, selection: TestSelection): Promise<TestPlan | null> {
  if (selection.command !== null) return commandPlan(selection.command, report, goSettings);
  const packages = await selectPackages(checkout, selection);
  if (packages.length === 0) return null;
  const modules = [...new Set(packages.map(({ module }) => module))];
  const runs = modules.map((module) => {
    const folders = packages
      .filter((one) => one.module === module)
      .map(({ folder }) => relative(module, folder));
    return { module, folders: folders.map((folder) => pathArgument(`./${folder}`)).join(" ") };
  });
  return {
    command: runs.map(({ module, folders }) => `${enter(module)}go test ${folders}`).join("; "),
    script: reported(runs.map(({ module, folders }) => testRun(module, folders)).join("")),
    report,
    files: [],
    selected: packages.flatMap(({ files }) => files),
  };
}

/** In the package of the first selected file. Null for the command of the settings, of which nobody knows what it runs. */
export async function planGoCanary(
  checkout: Checkout,
  plan: TestPlan,
  token: string,
): Promise<CanaryPlan | null> {
  const [first] = plan.selected;
  if (first === undefined) return null;
  const packages = await selectPackages(checkout, { suspects: [first], command: null, maxFiles: 1 });
  const chosen = packages.find(({ folder }) => folder === folderOf(first));
  const text = Buffer.from((await checkout.read(first)) ?? []).toString("utf8");
  const name = /^package\s+(\w+)/m.exec(text)?.[1];
  if (chosen === undefined || name === undefined) return null;
  // The go command finds the tests of a package by itself, so the command is the plan's own.
  return { ...plan, ...canaryOf(chosen, name, token.replaceAll(/\W/g, "")) };
}

type CanaryModule = Pick<CanaryPlan, "module" | "mark" | "passes" | "fails">;

function canaryOf({ folder, module }: TestPackage, name: string, token: string): CanaryModule {
  const [passing, failing] = [`TestOne_${token}`, `TestTwo_${token}`];
  const check = (test: string, length: number): string => `func ${test}(t *testing.T) {
	if len("${test}") != ${length} {
		t.Error("wrong length")
	}
}
`;
  const text = (length: number): string => `package ${name}

import "testing"

${check(passing, passing.length)}
${check(failing, length)}`;
  const path = `zz_${token}_test.go`;
  return {
    module: {
      path: folder === "." ? path : `${folder}/${path}`,
      first: text(failing.length),
      second: text(otherNumber(failing.length)),
    },
    mark: `_${token}`,
    passes: `${importPath(module, folder)} ${passing}`,
    fails: `${importPath(module, folder)} ${failing}`,
  };
}

/** `-vet=off`: what vet finds is for the project's own checks to say. `-timeout=0`: the sandbox has limits of its own. */
const flags = "-json -count=1 -vet=off -timeout=0";

const enter = (module: GoModule): string =>
  module.folder === "." ? "" : `cd ${pathArgument(module.folder)} && `;

/** Its status is a line of the stream that no test can print: go test wraps all that tests print. */
const testRun = (module: GoModule, folders: string): string => `(
${enter(module)}{
${goSettings}
go test ${flags} ${folders}
}
echo "status $?"
)
`;

/** Events of tests go to the report, what tests print to standard output. */
const reported = (runs: string): string => `report="$COPATCHER_OUT/${report}"
{
${runs}} | sed -n -e '/^{.*"Action":"\\(build-\\)\\{0,1\\}output"/!{' -e "w $report" -e 'd' -e '}' \
  -e 's/.*"Output":"\\(.*\\)"}$/\\1/' -e 's/\\\\n$//' -e 's/\\\\t/  /g' -e p
! grep -q '^status [^0]' "$report"
`;
