const builtFolders = new Set(["target", "build", "out", "bin", "generated", ".gradle", ".mvn"]);
/** `src/test`, `src/it`, `src/integrationTest`, `src/testFixtures`: Maven's and Gradle's folders for everything that tests. */
const testSourceSet = /(^|\/)src\/(it|e2e|tests?|\w+Tests?|[\w-]+[-_]tests?|test[A-Z]\w*)\//;
const testName = /^(Test[A-Z]\w*|\w+(Tests?|TestCase))\.java$/;

/** Whether a folder of build output holds the path; below a source folder such names are packages. */
export function isBuilt(path: string): boolean {
  const beforeSources = path.replace(/(^|\/)src\/.*$/, "").split("/");
  return path.split("/").length > 1 && beforeSources.some((folder) => builtFolders.has(folder));
}

export const isJavaSource = (path: string): boolean => path.endsWith(".java") && !isBuilt(path);

/**
 * Whether a path belongs to the project's own tests: a source set or a top-level folder for tests, resources included,
 * or the name of a test class. A class named so below `src/main` is an API that the project ships.
 */
export function isTestPath(path: string): boolean {
  if (testSourceSet.test(path) || /^(tests?|it|integration-tests?)\//.test(path)) return true;
  return !path.includes("src/main/") && (isTestClass(path) || /\w+IT\.java$/.test(path));
}

/** Whether its name makes build tools look for tests in it; integration tests (`*IT`) want servers and are left out. */
export const isTestClass = (path: string): boolean =>
  isJavaSource(path) && testName.test(path.split("/").at(-1) ?? "") && !path.includes("src/main/");

/** Path below the folder that packages start in: `core/src/main/java/shop/Rates.java` is `shop/Rates.java`. */
export const belowSources = (path: string): string =>
  path.replace(/^(.*\/)?src\/\w+\/java\//, "").replace(/^(src|tests?)\//, "");

/** Qualified name of the class that a file is named after: `src/main/java/shop/Rates.java` is `shop.Rates`. */
export const className = (path: string): string =>
  belowSources(path)
    .replace(/\.java$/, "")
    .replaceAll("/", ".");
