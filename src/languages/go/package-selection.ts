import type { Checkout } from "../../ports/workspace.ts";
import type { TestSelection } from "../language.ts";
import { testFiles } from "../test-selection.ts";
import { goModules, importPath, moduleOf, type GoModule } from "./modules.ts";
import { folderOf, isRunnableTest } from "./paths.ts";

/** A folder with test files; the go command runs all of them or none. */
export type TestPackage = {
  readonly folder: string;
  readonly module: GoModule;
  readonly files: readonly string[];
};

/**
 * The packages to test: those of the suspects, in their order and however large they are; then those that import them
 * and those nearest to them in the tree, as long as their test files fit. Without any of a suspect, the first of these is
 * taken however large it is. Packages outside of any module cannot be run.
 */
export async function selectPackages(
  checkout: Checkout,
  { suspects, maxFiles }: TestSelection,
): Promise<readonly TestPackage[]> {
  const modules = await goModules(checkout);
  const packages = groupByFolder(await testFiles(checkout, isRunnableTest), modules);
  const suspected = [...new Set(suspects.map(folderOf))];
  const importing = await importers(checkout, modules, suspected);
  /** Below zero for the suspects' own. */
  const rank = ({ folder }: TestPackage): number => {
    if (suspected.includes(folder)) return suspected.indexOf(folder) - suspected.length;
    if (importing.has(folder)) return 0;
    return 1 + Math.min(...suspected.map((suspect) => distance(suspect, folder)), 1000);
  };
  const ranked = packages.map((one) => ({ one, place: rank(one) }));
  ranked.sort((a, b) => a.place - b.place || (a.one.folder < b.one.folder ? -1 : 1));
  const taken: TestPackage[] = [];
  let files = 0;
  for (const { one, place } of ranked) {
    if (place >= 0 && taken.length > 0 && files + one.files.length > maxFiles) continue;
    taken.push(one);
    files += one.files.length;
  }
  return taken;
}

function groupByFolder(files: readonly string[], modules: readonly GoModule[]): TestPackage[] {
  const folders = new Map<string, string[]>();
  for (const file of files) folders.set(folderOf(file), [...(folders.get(folderOf(file)) ?? []), file]);
  return [...folders].flatMap(([folder, own]) => {
    const module = moduleOf(modules, folder);
    return module === null ? [] : [{ folder, module, files: own }];
  });
}

/** Folders with a Go file that imports the package of one of `folders`. */
async function importers(
  checkout: Checkout,
  modules: readonly GoModule[],
  folders: readonly string[],
): Promise<ReadonlySet<string>> {
  const imports = folders.flatMap((folder) => {
    const module = moduleOf(modules, folder);
    return module === null ? [] : [`"${importPath(module, folder)}"`];
  });
  const found = imports.length === 0 ? [] : await checkout.search(imports);
  return new Set(found.filter((path) => path.endsWith(".go")).map(folderOf));
}

/** Steps from one folder to the other, up and down. */
function distance(from: string, to: string): number {
  const [first, second] = [from, to].map((folder) => (folder === "." ? [] : folder.split("/")));
  if (first === undefined || second === undefined) return 0;
  let shared = 0;
  while (shared < first.length && first[shared] === second[shared]) shared += 1;
  return first.length + second.length - 2 * shared;
}
