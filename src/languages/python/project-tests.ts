import type { Checkout } from "../../ports/workspace.ts";
import { isTestPath } from "./paths.ts";
import { foldersUpwards } from "./pytest-root.ts";

const manifest = /(^|\/)(pyproject\.toml|setup\.(py|cfg)|\.?pytest\.(ini|toml))$/;

/**
 * Of test files, those in the project of the first suspect whose project has any, else all: one process cannot import the
 * modules `tests.conftest` of two projects. A project is the tree, or a folder below with a manifest of its own that is
 * neither a package nor one of tests.
 */
export async function projectTests(
  checkout: Checkout,
  tests: readonly string[],
  suspects: readonly string[],
): Promise<readonly string[]> {
  const paths = new Set((await checkout.entries()).map(({ path }) => path));
  const manifests = [...paths].filter((path) => manifest.test(path) && !isTestPath(path));
  const projects = new Set(manifests.map(folderOf).filter((folder) => !paths.has(`${folder}/__init__.py`)));
  const projectOf = (path: string): string =>
    foldersUpwards(folderOf(path)).find((folder) => projects.has(folder)) ?? "";
  const tested = tests.map((path) => ({ path, project: projectOf(path) }));
  for (const wanted of new Set(suspects.map(projectOf))) {
    const own = tested.filter(({ project }) => project === wanted);
    if (own.length > 0) return own.map(({ path }) => path);
  }
  return tests;
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
