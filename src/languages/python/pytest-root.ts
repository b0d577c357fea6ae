import type { Checkout } from "../../ports/workspace.ts";
import { quote } from "../shell.ts";

/** Files that configure pytest, in its order, and the text in the file that says so: those of its name do even empty. */
const pytestConfigurations: ReadonlyArray<readonly [string, string]> = [
  ["pytest.toml", ""],
  [".pytest.toml", ""],
  ["pytest.ini", ""],
  [".pytest.ini", ""],
  ["pyproject.toml", "[tool.pytest"],
  ["tox.ini", "[pytest]"],
  ["setup.cfg", "[tool:pytest]"],
];

/** The folder that pytest takes for its root, and the configuration file there, null when there is none. */
export type PytestRoot = { readonly folder: string; readonly file: string | null };

/** As pytest finds it on the base commit: the first folder with a configuration, from the tests upwards. */
export async function pytestRoot(checkout: Checkout, tests: readonly string[]): Promise<PytestRoot> {
  const paths = new Set((await checkout.entries()).map((entry) => entry.path));
  for (const folder of foldersUpwards(commonFolder(tests))) {
    for (const [name, section] of pytestConfigurations) {
      const file = folder === "" ? name : `${folder}/${name}`;
      if (!paths.has(file)) continue;
      if ((await textOf(checkout, file)).includes(section)) return { folder, file };
    }
  }
  return { folder: "", file: null };
}

/** Options that fix root and configuration, so that ids are stable and no file added later is read in their place. */
export function pytestPins({ folder, file }: PytestRoot): string {
  const root = `--rootdir="$root"${folder === "" ? "" : quote(`/${folder}`)}`;
  // Versions before 6 take a named file for an ini file, whatever its name is.
  return file === null || file.endsWith(".toml") ? root : `-c ./${quote(file)} ${root}`;
}

function commonFolder(paths: readonly string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split("/").slice(0, -1));
  const shared = others.reduce((common, folders) => {
    const end = common.findIndex((name, i) => folders[i] !== name);
    return end === -1 ? common : common.slice(0, end);
  }, first);
  return shared.join("/");
}

/** The folder and those above it, up to the tree's own (""). */
export const foldersUpwards = (folder: string): readonly string[] => {
  const names = folder.split("/").filter((name) => name !== "");
  return [...names.keys(), names.length].toReversed().map((length) => names.slice(0, length).join("/"));
};

export const textOf = async (checkout: Checkout, path: string): Promise<string> =>
  Buffer.from((await checkout.read(path)) ?? []).toString("utf8");
