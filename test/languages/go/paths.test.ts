import { beforeAll, describe, expect, test } from "vitest";
import { isProtected } from "../../../src/domain/repo-path.ts";
import type { Language } from "../../../src/languages/language.ts";
import { createGo } from "../../../src/languages/go/go.ts";

let go: Language;
beforeAll(async () => {
  go = await createGo();
});

test.each(["a_test.go", "a/b_test.go", "a/main_test.go", "a/testdata/golden.txt"])(
  "counts %s to the tests",
  (path) => {
    expect(go.isTest(path)).toBe(true);
  },
);

test.each(["a.go", "internal/testing.go", "test/e2e.go", "a/latest.go"])(
  "counts %s to the sources",
  (path) => {
    expect([go.isTest(path), go.isSource(path)]).toEqual([false, true]);
  },
);

test.each(["vendor/m/m.go", "a/testdata/x.go", "api/api.pb.go", "api/zz_generated.deepcopy.go", "go.mod"])(
  "is not the place to change something: %s",
  (path) => {
    expect(go.isSource(path)).toBe(false);
  },
);

test.each(["go.mod", "sub/go.mod", "go.sum", "go.work", "vendor/m/m.go", "a/.golangci.yml"])(
  "protects %s",
  (path) => {
    expect(isProtected(path, go.protectedPaths)).toBe(true);
  },
);

test("refuses new modules inside the module", () => {
  expect(go.shadows("rates/go.mod")).not.toBeNull();
  expect(go.shadows("rates/new.go")).toBeNull();
});

describe("an alarm", () => {
  const alarmed = (line: string): boolean => go.alarms.some(({ pattern }) => pattern.test(line));

  test.each([
    "\tos.Exit(0)",
    "func init() {",
    '\t"testing"',
    '\tif flag.Lookup("test.v") != nil {',
    "\tif len(os.Args) > 1 {",
    "\tdefer func() { recover() }()",
    "//go:linkname runTests testing.runTests",
    '\tfmt.Println("--- PASS: TestRate (0.00s)")',
    "//go:build !linux",
    '\t"os/exec"',
    '\tself, _ := os.ReadFile("/proc/self/exe")',
  ])("is raised by %j", (line) => {
    expect(alarmed(line)).toBe(true);
  });

  test.each(["\treturn 2 * x", '\t"strings"', "func initialise() {", "\t// recovers quickly"])(
    "is not raised by %j",
    (line) => {
      expect(alarmed(line)).toBe(false);
    },
  );
});
