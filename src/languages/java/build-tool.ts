import type { Checkout } from "../../ports/workspace.ts";
import { mavenModules } from "./maven-modules.ts";
import { className } from "./paths.ts";

export type BuildTool = "maven" | "gradle" | "plain";

/** The build at the root of the tree; plain means that the JDK's own tools have to do. */
export async function buildToolOf(checkout: Checkout): Promise<BuildTool> {
  const paths = new Set((await checkout.entries()).map(({ path }) => path));
  if (paths.has("pom.xml")) return "maven";
  const gradle = ["build.gradle", "settings.gradle"].flatMap((name) => [name, `${name}.kts`]);
  return gradle.some((path) => paths.has(path)) ? "gradle" : "plain";
}

/** The folder of the module that a path belongs to (root: ""), null for one that the build leaves out. */
export type ModuleOf = (path: string) => string | null;

export async function modulesOf(checkout: Checkout, build: BuildTool): Promise<ModuleOf> {
  const paths = (await checkout.entries()).map(({ path }) => path);
  const folders = projectFolders(build, paths);
  const built = build === "maven" ? await mavenModules(checkout) : new Set(folders);
  return (path) => {
    const folder = folders.find((owner) => owner === "" || path.startsWith(`${owner}/`)) ?? "";
    return built.has(folder) ? folder : null;
  };
}

/** Folders with a build file of their own, the deepest first. */
function projectFolders(build: BuildTool, paths: readonly string[]): readonly string[] {
  const file = build === "maven" ? /^([\w./-]+)\/pom\.xml$/ : /^([\w./-]+)\/build\.gradle(?:\.kts)?$/;
  const below = build === "plain" ? [] : paths.flatMap((path) => file.exec(path)?.[1] ?? []);
  const folders = ["", ...below].filter((folder) => !folder.startsWith("-"));
  return [...new Set(folders)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** A test class: its file, its qualified name and the folder of its module. */
export type TestClass = { readonly path: string; readonly name: string; readonly module: string };

/** The test files as classes, without those that no build runs or whose names no command line can carry. */
export async function testClasses(
  checkout: Checkout,
  moduleOf: ModuleOf,
  tests: readonly string[],
): Promise<readonly TestClass[]> {
  const classes = await Promise.all(
    tests.map(async (path): Promise<TestClass | null> => {
      const module = moduleOf(path);
      const declared = /^[ \t]*package\s+([\w.]+)\s*;/m.exec(await textOf(checkout, path))?.[1];
      const simple = className(path).split(".").at(-1) ?? "";
      const name = declared === undefined ? simple : `${declared}.${simple}`;
      return module !== null && /^[\w$.]+$/.test(name) ? { path, name, module } : null;
    }),
  );
  return classes.filter((test) => test !== null);
}

export const textOf = async (checkout: Checkout, path: string): Promise<string> =>
  Buffer.from((await checkout.read(path)) ?? []).toString("utf8");
