import type { Checkout } from "../../ports/workspace.ts";
import { dependsOn, readManifest, type Manifest } from "./package-manifest.ts";
import { callsOf, type ScriptCall } from "./package-script.ts";
import { keptOptions, runners, type Runner } from "./runners.ts";

/** A package of the repository whose tests can be run, and how its own script would start them. */
export type TestProject = {
  /** "" is the root. */
  readonly folder: string;
  readonly runner: Runner;
  readonly program: string;
  readonly variables: readonly string[];
  readonly options: readonly string[];
};

/**
 * The package whose runner is used: the root's if a script or a configuration names one, else that of the package nearest
 * to the first of `near` that has one, else the one that the root depends on, else the first package of the tree that has
 * one. Those that do not fit are passed over.
 */
export async function findProject(
  checkout: Checkout,
  near: readonly string[],
  fits: (project: TestProject) => boolean = () => true,
): Promise<TestProject | null> {
  const paths = (await checkout.entries()).map(({ path }) => path);
  const folders = paths
    .filter(
      (path) =>
        /(^|\/)package\.json$/.test(path) && !/(^|\/)(node_modules|fixtures?|templates?)\//.test(path),
    )
    .map((path) => path.slice(0, -"/package.json".length));
  const around = near.flatMap((path) =>
    folders.filter((folder) => path.startsWith(`${folder}/`)).toReversed(),
  );
  const root = await readManifest(checkout, "");
  const named = root === null ? null : namedProject("", root, paths);
  if (named !== null && fits(named)) return named;
  for (const folder of new Set([...around, "", ...folders.slice(0, 50)])) {
    const manifest = await readManifest(checkout, folder);
    const project =
      manifest === null
        ? null
        : (namedProject(folder, manifest, paths) ?? dependentProject(folder, manifest));
    if (project !== null && fits(project)) return project;
  }
  return null;
}

/** By a script or a configuration. */
function namedProject(folder: string, manifest: Manifest, paths: readonly string[]): TestProject | null {
  const { scripts } = manifest;
  const names = ["test", ...Object.keys(scripts).filter((name) => /^(test|unit|spec)\b/.test(name))];
  for (const call of names.flatMap((name) => callsOf(scripts, name))) {
    const runner = runners.find((candidate) => starts(candidate, call));
    if (runner === undefined) continue;
    const { program, variables, words } = call;
    return { folder, runner, program, variables, options: keptOptions(runner, words) };
  }
  const runner = runners.find(({ configuration }) =>
    paths.some((path) => configuration.test(below(folder, path))),
  );
  return runner === undefined ? null : plainProject(folder, runner);
}

function dependentProject(folder: string, manifest: Manifest): TestProject | null {
  const runner = runners.find(({ package: name }) => name !== null && dependsOn(manifest, name));
  return runner === undefined ? null : plainProject(folder, runner);
}

const plainProject = (folder: string, runner: Runner): TestProject => ({
  folder,
  runner,
  program: runner.programs[0] ?? "",
  variables: [],
  options: [],
});

const starts = (runner: Runner, { program, words }: ScriptCall): boolean => {
  if (!runner.programs.includes(program)) return false;
  if (program === "react-scripts") return words[0] === "test";
  return runner.name !== "node" || words.includes("--test");
};

const below = (folder: string, path: string): string =>
  folder === "" ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : "";
