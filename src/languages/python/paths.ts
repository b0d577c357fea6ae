const testFolder = /(^|_)tests?$|^e2e$/;

export const isPythonSource = (path: string): boolean => path.endsWith(".py");

/**
 * Whether a path belongs to the project's own tests. A folder `tests` does anywhere, a folder `test` only at the top:
 * below a package it is usually a test framework that the project ships (`django/test`), and so is a `test.py`.
 */
export function isTestPath(path: string): boolean {
  const folders = path.split("/");
  const name = folders.pop() ?? "";
  if (isTestModule(path) || name === "conftest.py" || path === "test.py") return true;
  return folders.some((folder, depth) => testFolder.test(folder) && (folder !== "test" || depth === 0));
}

/** Whether test runners look for tests in it. */
export const isTestModule = (path: string): boolean =>
  /(^|\/)(test_[^/]*|[^/]*_test|tests)\.py$/.test(path) ||
  /((^|\/)tests|^test)\/([^/]+\/)*test[^/]*\.py$/.test(path);

/** Dotted name under which a source file is imported: `src/shop/rates/__init__.py` is `shop.rates`. */
export const moduleName = (path: string): string =>
  path
    .replace(/^(src|lib)\//, "")
    .replace(/\.py$/, "")
    .replace(/\/__init__$/, "")
    .replaceAll("/", ".");
