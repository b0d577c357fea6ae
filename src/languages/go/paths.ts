const generated = /(\.pb(\.gw)?|\.gen|[._]generated[^/]*|(^|\/)zz_generated[^/]*|(^|\/)bindata)\.go$/;

/** Go source that people write: not vendored, not test data, and by its name not generated. */
export const isGoSource = (path: string): boolean =>
  path.endsWith(".go") && !generated.test(path) && !/(^|\/)(vendor|testdata)\//.test(path);

/** Whether a path belongs to the project's own tests; the go command ignores folders called `testdata`. */
export const isTestPath = (path: string): boolean => isTestFile(path) || /(^|\/)testdata\//.test(path);

const isTestFile = (path: string): boolean => path.endsWith("_test.go");

/** Whether `go test ./...` looks for tests in it. */
export const isRunnableTest = (path: string): boolean =>
  isTestFile(path) && !/(^|\/)([._][^/]*|vendor|testdata)(\/|$)/.test(path);

/** `a/b` of `a/b/c.go`, `.` of a file at the top. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "." : path.slice(0, slash);
}

/**
 * A `replace` in go.mod can put other code in the place of a test library, and a candidate's layer has no network to
 * install anything new with: so nothing about dependencies is a candidate's to change.
 */
export const protectedGoPaths: readonly string[] = [
  "**/go.mod",
  "**/go.sum",
  "**/go.work",
  "**/go.work.sum",
  "**/vendor/**",
  "**/.golangci.*",
  "**/.gotestsum*",
];

export function shadows(path: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name === "go.mod" || name === "go.work")
    return "it would take folders and their tests out of the module";
  if (path.split("/").includes("vendor")) return "it would be built in place of a dependency";
  return null;
}
