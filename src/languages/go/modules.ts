import type { Checkout } from "../../ports/workspace.ts";
import { folderOf } from "./paths.ts";

/** A module of the tree: the folder of its go.mod (`.` at the top) and the path it is imported by. */
export type GoModule = { readonly folder: string; readonly path: string };

const asides = /(^|\/)([._][^/]*|vendor|testdata|node_modules|examples?)\//;

/** The tree's modules, the outermost first; those of examples and test data are nobody's to build. */
export async function goModules(checkout: Checkout): Promise<readonly GoModule[]> {
  const entries = await checkout.entries();
  const manifests = entries.filter(({ path, kind }) => kind === "file" && /(^|\/)go\.mod$/.test(path));
  const modules = await Promise.all(
    manifests
      .filter(({ path }) => !asides.test(path))
      .map(async ({ path }) => {
        const text = Buffer.from((await checkout.read(path)) ?? []).toString("utf8");
        const name = /^[ \t]*module\s+("[^"]+"|`[^`]+`|\S+)/m.exec(text)?.[1] ?? "";
        return { folder: folderOf(path), path: name.replaceAll(/["`]/g, "") };
      }),
  );
  return modules.filter(({ path }) => path !== "").sort((a, b) => a.folder.length - b.folder.length);
}

/** The innermost module that holds the folder, null when none does. */
export const moduleOf = (modules: readonly GoModule[], folder: string): GoModule | null =>
  modules.findLast((module) => within(module.folder, folder)) ?? null;

/** The path by which a folder of the module is imported. */
export function importPath(module: GoModule, folder: string): string {
  const inner = relative(module, folder);
  return inner === "." ? module.path : `${module.path}/${inner}`;
}

/** A folder of the tree as seen from its module's own folder. */
export function relative(module: GoModule, folder: string): string {
  if (folder === module.folder) return ".";
  return module.folder === "." ? folder : folder.slice(module.folder.length + 1);
}

const within = (outer: string, folder: string): boolean =>
  outer === "." || folder === outer || folder.startsWith(`${outer}/`);
