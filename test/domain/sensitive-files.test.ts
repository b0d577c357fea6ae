import { expect, test } from "vitest";
import { sensitiveByDefault, sensitiveFiles } from "../../src/domain/sensitive-files.ts";

test.each([
  "setup.py",
  "services/api/requirements-dev.txt",
  "package.json",
  "go.mod",
  "core/pom.xml",
  "build.gradle.kts",
  "Makefile",
  "docker/Dockerfile.test",
])("%s is sensitive where the settings say nothing", (path) => {
  expect(sensitiveFiles([{ path: "src/a.py" }, { path }], sensitiveByDefault)).toEqual([path]);
});

test.each(["src/setup_utils.py", "docs/makefile.md", "src/go/mod.go"])(
  "%s is a file like any other",
  (path) => {
    expect(sensitiveFiles([{ path }], sensitiveByDefault)).toEqual([]);
  },
);

test("an empty list calls nothing sensitive", () => {
  expect(sensitiveFiles([{ path: "setup.py" }], [])).toEqual([]);
});
