import type { Checkout } from "../../ports/workspace.ts";
import type { SandboxFile } from "../../ports/sandbox.ts";
import { commandPlan } from "../command-plan.ts";
import type { TestPlan, TestSelection } from "../language.ts";
import { pathArgument, quote } from "../shell.ts";
import { selectTests, testFiles } from "../test-selection.ts";
import { isNamedTest, mayBeTest } from "./paths.ts";
import { readManifest } from "./package-manifest.ts";
import { commandOf, prologue, report } from "./runner-command.ts";
import { javaScriptAffinity } from "./test-affinity.ts";
import { findProject, type TestProject } from "./test-project.ts";

/**
 * How the repository's tests are run: the command of its settings, else the runner that its `test` script, its
 * configuration or its dependencies name, on the test files nearest to the suspects. Of a runner that none of these is, and
 * of tests whose names only its configuration tells, `npm test` tells the exit status only.
 */
export async function planJavaScriptTests(
  checkout: Checkout,
  selection: TestSelection,
  reporters: readonly SandboxFile[],
): Promise<TestPlan | null> {
  if (selection.command !== null) return commandPlan(selection.command, report, prologue);
  const project = await findProject(checkout, selection.suspects);
  if (project === null) return scriptPlan(checkout);
  const all = await filesOf(checkout, project);
  if (all.length === 0)
    return (await testFiles(checkout, mayBeTest)).length > 0 ? scriptPlan(checkout) : null;
  const selected = await selectTests(
    checkout,
    all,
    selection.suspects,
    selection.maxFiles,
    javaScriptAffinity,
  );
  return projectPlan(project, selected, reporters);
}

/** pnpm links a package's programs into that package only. */
const ownPrograms = 'PATH="$(pwd)/node_modules/.bin:$PATH"\n';

/** The plan for given test files of a project. */
export function projectPlan(
  project: TestProject,
  selected: readonly string[],
  reporters: readonly SandboxFile[],
): TestPlan {
  const within = project.folder === "" ? "" : `cd ${pathArgument(project.folder)} || exit\n${ownPrograms}`;
  const files = selected.map((path) =>
    pathArgument(project.folder === "" ? path : path.slice(project.folder.length + 1)),
  );
  const { command, script } = commandOf(project, files);
  const variables = project.variables.map((word) => `export ${quote(word)}\n`).join("");
  return {
    command: project.folder === "" ? command : `cd ${project.folder} && ${command}`,
    script: `${prologue}\n${within}${variables}${script}`,
    report,
    files: reporters,
    selected,
  };
}

/**
 * Test files of the project. Where most are named like a test, the others are helpers; where few are, a single one hides no
 * suite.
 */
async function filesOf(checkout: Checkout, { folder, runner }: TestProject): Promise<readonly string[]> {
  const within = (path: string): boolean => folder === "" || path.startsWith(`${folder}/`);
  const all = await testFiles(checkout, (path) => within(path) && runner.isTestFile(path));
  const named = all.filter(isNamedTest);
  return 2 * named.length >= all.length ? named : all;
}

async function scriptPlan(checkout: Checkout): Promise<TestPlan | null> {
  const script = (await readManifest(checkout, ""))?.scripts["test"] ?? "";
  if (script === "" || script.includes("no test specified")) return null;
  return commandPlan("npm test --silent", report, prologue);
}
